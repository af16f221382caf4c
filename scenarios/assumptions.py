"""What the modeller supposes, one class each. `english` and `chinese` are what the app, the schema and docs/scenarios.md say about it."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from data.sentences import phrased
from scenarios.fields import ALL, Amount, ByYear, Families, Name, NameOrAll, Names, Year, refused, whole
from scenarios.quantities import Constant, Quantity
from scenarios.terms import Named, Term, term_kind

CERTAIN = Constant(value=1)
Lag = Annotated[int, *whole(0, 20, phrased("a whole number of years"))]
RATE = Amount(phrased("units of the first currency for one of the second"), 0.0001, 100_000)


class CommonShock(Term):
    """A shock to all places at once."""

    kind: ClassVar[str] = "common_shock"
    address: ClassVar[tuple[str, ...]] = ("year", "families")
    english: ClassVar[str] = (
        "A shock that hits all places at once, such as a recession abroad: in its year the growth factor of every series is multiplied by "
        "1 + percent/100. In the years after, the push on (log) growth is halved every half_life years; with 0 it ends with its year. What is "
        "lost stays lost. The shock happens with the given probability, in each future to all places or to none."
    )
    chinese: ClassVar[str] = (
        "共同冲击：同时影响所有地方，例如海外经济衰退。发生当年，每个序列的增长系数乘以 1 + percent/100；其后对（对数）增长的推动每隔 "
        "half_life 年减半，取 0 则当年即止。失去的部分不会补回。冲击按给定概率发生，在每个未来中要么影响所有地方，要么都不影响。"
    )
    year: Year = Field(description="the year of the shock")
    percent: Annotated[Quantity, Amount(phrased("percent of the level"), -90, 100)] = Field(
        description="change of the level in that year"
    )
    probability: Annotated[Quantity, Amount(phrased("share"), 0, 1)] = Field(CERTAIN, description="chance that it happens")
    half_life: Annotated[Quantity, Amount(phrased("years"), 0, 50)] = Field(
        Constant(value=0), description="time in which the push on growth halves"
    )
    families: Families = Field(ALL, description="families of measures, or all")


class ExchangeRate(Term):
    """The path of an exchange rate."""

    kind: ClassVar[str] = "exchange_rate"
    address: ClassVar[tuple[str, ...]] = ("pair",)
    english: ClassVar[str] = (
        "The path of an exchange rate, and how far it strays from it. CNY/USD is yuan for one dollar: a lower rate is a stronger renminbi. "
        "Between the years given, and from the last known one, the rate moves by equal percentages; after the last it stays. Years whose "
        "rate was known keep it. It counts where target and series are in different currencies. Volatility is the standard deviation of "
        "the yearly change of the logarithm; without it the usual one is kept."
    )
    chinese: ClassVar[str] = (
        "汇率路径及其波动。CNY/USD 指一美元兑多少元人民币：数值越低，人民币越强。在所列年份之间以及从最后已知年份起，汇率按相同百分比变动；"
        "最后一个年份之后保持不变。已知的年份保留原值。只有在目标与序列币种不同时才起作用。volatility 为对数年变化的标准差，不写则用通常值。"
    )
    pair: Name = Field(description="two currencies, such as CNY/USD")
    path: Annotated[tuple[tuple[int, Quantity], ...], ByYear(RATE)] = Field((), description="annual average rate by year")
    volatility: Annotated[Quantity, Amount(phrased("share a year"), 0, 1)] | None = Field(
        None, description="yearly sd; 0.04 is 4 %"
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.path and self.volatility is None:
            raise refused(phrased("a path, a volatility, or both"))
        return self


class LongRunGrowth(Term):
    """The growth to which everything returns."""

    kind: ClassVar[str] = "long_run_growth"
    address: ClassVar[tuple[str, ...]] = ("families",)
    english: ClassVar[str] = (
        "The growth to which a family of measures returns when its boom has faded: a new rate in percent a year, which replaces what is "
        "believed with its uncertainty, or percentage points added to it. Series that are forecast without other places (eight years and "
        "more, or a measure of one's own) are not reached."
    )
    chinese: ClassVar[str] = (
        "长期增长：一族指标的热潮消退后所回归的增长。可给出新的年增长率（percent），取代原有判断及其不确定性；也可在原有判断上加若干百分点（points）。"
        "不与其他地方合并估计的序列（已知八年及以上，或用户自定的指标）不受影响。"
    )
    families: Families = Field(ALL, description="families of measures, or all")
    percent: Annotated[Quantity, Amount(phrased("percent a year"), -20, 40)] | None = Field(None, description="the new rate")
    points: Annotated[Quantity, Amount(phrased("percentage points a year"), -40, 40)] | None = Field(
        None, description="added to the rate"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.percent is None) == (self.points is None):
            raise refused(phrased("either percent or points"))
        return self


class Reversion(Term):
    """How fast booms fade."""

    kind: ClassVar[str] = "reversion"
    address: ClassVar[tuple[str, ...]] = ("families",)
    english: ClassVar[str] = (
        "How fast growth returns to the long run. Fade is the share of a family's common boom that is left after a year: 0 ends it at once, 1 "
        "lets it last. Persistence is the same for the deviation of a single place. What is not given stays as believed, with its uncertainty. "
        "Series that are forecast without other places (eight years and more, or a measure of one's own) are not reached."
    )
    chinese: ClassVar[str] = (
        "回归速度：增长多快回到长期水平。fade 为一族指标的共同热潮一年后所剩的比例：0 为立即结束，1 为一直持续。persistence 为单个地方自身偏离"
        "一年后所剩的比例。未给出的一项保持原有判断及其不确定性。"
        "不与其他地方合并估计的序列（已知八年及以上，或用户自定的指标）不受影响。"
    )
    families: Families = Field(ALL, description="families of measures, or all")
    fade: Annotated[Quantity, Amount(phrased("share left after a year"), 0, 1)] | None = Field(
        None, description="of the common boom"
    )
    persistence: Annotated[Quantity, Amount(phrased("share left after a year"), 0, 0.99)] | None = Field(
        None, description="of a place's own deviation"
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.fade is None and self.persistence is None:
            raise refused(phrased("a fade, a persistence, or both"))
        return self


class Volatility(Term):
    """How wide the yearly shocks are."""

    kind: ClassVar[str] = "volatility"
    address: ClassVar[tuple[str, ...]] = ("measure", "families")
    english: ClassVar[str] = (
        "How wide the yearly shocks of places are: their standard deviation, and that of the level noise, is multiplied by the factor. 1 "
        "changes nothing, 0 takes them away. It counts for the measure named, or for all measures of the families named."
    )
    chinese: ClassVar[str] = (
        "波动：各地年度冲击的大小。其标准差以及水平噪声的标准差乘以 factor；1 为不变，0 为取消。作用于所列指标，或所列各族的全部指标。"
    )
    measure: NameOrAll = Field("all", description="a measure, or all")
    families: Families = Field(ALL, description="families of measures, or all")
    factor: Annotated[Quantity, Amount(phrased("times"), 0, 10)] = Field(description="multiplies the standard deviations")


class Link(Term):
    """What one measure carries over to another."""

    kind: ClassVar[str] = "link"
    address: ClassVar[tuple[str, ...]] = ("from_measure", "to_measure")
    english: ClassVar[str] = (
        "What levers do to one measure reaches another of the same place: what they add to the logarithm of the first is added to that of the "
        "second, times the elasticity, lag years later. With 0.4, ten percent more employees mean about four percent more contracts. "
        "By default there is no link: the figures do not tell how strong one is."
    )
    chinese: ClassVar[str] = (
        "联系：杠杆对一个指标的作用传到同一地方的另一指标。杠杆使前者的对数增加多少，lag 年之后后者的对数就增加其 elasticity 倍。"
        "弹性为 0.4 时，从业人员多 10 %，合同额约多 4 %。默认没有任何联系：数据说明不了它有多强。"
    )
    from_measure: Name = Field(alias="from", description="the measure that levers move")
    to_measure: Name = Field(alias="to", description="the measure that follows")
    elasticity: Annotated[Quantity, Amount(phrased("percent for each percent"), -5, 5)] = Field(
        description="how strongly it follows"
    )
    lag: Lag = Field(0, description="years until it follows")

    @model_validator(mode="after")
    def _two_measures(self) -> Self:
        _, first, second = self.subject
        if first == second:
            raise refused(phrased("two different measures in from and to"))
        return self


class Correlation(Term):
    """How alike the yearly shocks of places are."""

    kind: ClassVar[str] = "correlation"
    address: ClassVar[tuple[str, ...]] = ("places",)
    english: ClassVar[str] = (
        "How alike the own yearly shocks of places are, beyond what the common shock of the family makes them: the correlation between any two "
        "of them for the same measure. It hardly changes the odds of one target, but those of several cities together. Several lists of places may "
        "stand beside one for all: pairs within a list have its coefficient, which is at least that of all places, and "
        "all other pairs keep that; a place stands in one list only."
    )
    chinese: ClassVar[str] = (
        "相关：除同族共同冲击之外，各地自身年度冲击彼此相似的程度，即同一指标任意两地冲击之间的相关系数。"
        "它几乎不改变单个目标的概率，但会改变多个城市同时达标的概率。除适用于所有地方的一项外，还可列出若干组地方：组内任意两地采用该组的系数"
        "（不低于所有地方的系数），其余各对保持不变；一个地方只能属于一组。"
    )
    places: Names = Field(ALL, description="two places or more, or all")
    coefficient: Annotated[Quantity, Amount(phrased("correlation"), 0, 0.99)] = Field(description="between any two of the places")

    @model_validator(mode="after")
    def _between(self) -> Self:
        if len(self.places) == 1 and self.places != ALL:
            raise refused(phrased("two places or more, or all"))
        return self


class Breaks(Term):
    """Years in which a place starts anew."""

    kind: ClassVar[str] = "breaks"
    address: ClassVar[tuple[str, ...]] = ()
    english: ClassVar[str] = (
        "Years in which a place starts anew: each year with this probability its own deviation from the growth of its family is forgotten and "
        "drawn again, `factor` times as wide as usual."
    )
    chinese: ClassVar[str] = "突变：每年以此概率，一个地方相对同族增长的自身偏离被抹去并重新抽取，幅度为平常的 factor 倍。"
    probability: Annotated[Quantity, Amount(phrased("share a year"), 0, 1)] = Field(
        description="chance in each year, for each place"
    )
    factor: Annotated[Quantity, Amount(phrased("times"), 0, 10)] = Field(Constant(value=2), description="how much wider than usual")


class Tails(Term):
    """How often a year is extreme."""

    kind: ClassVar[str] = "tails"
    address: ClassVar[tuple[str, ...]] = ()
    english: ClassVar[str] = (
        "How often the own yearly shocks of places are extreme: a Student t distribution with so many degrees of freedom, of the same "
        "standard deviation. 3 is very heavy-tailed, above 30 hardly differs from normal. Of a distribution each draw has its own law, of the "
        "nearest of 120, 60, 40, 30, 24 ... 3 degrees (120 over a whole number)."
    )
    chinese: ClassVar[str] = (
        "尾部：各地自身年度冲击出现极端值的频繁程度，用给定自由度、标准差不变的 t 分布表示。3 为很厚的尾部，30 以上与正态分布（normal）几乎无异。"
        "若给出分布，则每次抽取各有自己的自由度，取 120 除以整数中最接近者（120、60、40、30、24……3）。"
    )
    freedom: Annotated[Quantity | Literal["normal"], Amount(phrased("degrees of freedom"), 3, 100, "normal")] = Field(
        description="degrees of freedom, or normal"
    )


ASSUMPTIONS: dict[str, type[Term]] = {
    one.kind: one for one in (CommonShock, ExchangeRate, LongRunGrowth, Reversion, Volatility, Link, Correlation, Breaks, Tails)
}

Assumption = Annotated[
    Annotated[CommonShock, Named("common_shock"), Tag("common_shock")]
    | Annotated[ExchangeRate, Named("exchange_rate"), Tag("exchange_rate")]
    | Annotated[LongRunGrowth, Named("long_run_growth"), Tag("long_run_growth")]
    | Annotated[Reversion, Named("reversion"), Tag("reversion")]
    | Annotated[Volatility, Named("volatility"), Tag("volatility")]
    | Annotated[Link, Named("link"), Tag("link")]
    | Annotated[Correlation, Named("correlation"), Tag("correlation")]
    | Annotated[Breaks, Named("breaks"), Tag("breaks")]
    | Annotated[Tails, Named("tails"), Tag("tails")],
    Discriminator(term_kind),
]
