"""What a planner can move, one class each. `english` and `chinese` are what the app, the schema and docs/scenarios.md say about it."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from data.sentences import phrased
from scenarios.fields import ALL, Amount, Name, NameOrAll, Names, Span, Unit, Year, Years, refused, whole
from scenarios.quantities import Quantity
from scenarios.terms import Named, Term, term_kind

LARGEST_LEVEL = 1e14
Ramp = Annotated[int, *whole(1, 20, phrased("a whole number of years"))]
LEVEL = Amount(phrased("base units: dollars, yuan, persons, firms"), 1, LARGEST_LEVEL)
UNIT_HELP = "of the level; needed for money, else that of the measure"
RAMP_HELP = "years over which it rises in equal steps to the full amount; 1 is at once"


class Growth(Term):
    """Growth in percentage points a year."""

    kind: ClassVar[str] = "growth"
    address: ClassVar[tuple[str, ...]] = ("places", "measure", "scope", "years")
    english: ClassVar[str] = (
        "More growth, in percentage points a year: p points multiply each year's growth factor by 1 + p/100, so a city that would have grown "
        "by 10 % grows by 15.5 % with 5 points. What is gained stays when the lever ends. With a ramp of n years the first year has one "
        "n-th of the points, the second two, and so on. `best_peer` in place of a number lifts the expected growth of each place to the "
        "90th percentile of that of all places of its family, and leaves those above it alone."
    )
    chinese: ClassVar[str] = (
        "增长杠杆，以每年百分点计：p 个百分点使每年的增长系数乘以 1 + p/100，例如原本增长 10 % 的城市加 5 个百分点后增长 15.5 %。"
        "杠杆结束后，已获得的增量保留。ramp 为 n 年时，第一年为全部点数的 n 分之一，第二年为 n 分之二，依此类推。"
        "用 best_peer 代替数字，则把每个地方的预期增长提高到同族指标各地预期增长的第 90 百分位，已高于此的不变。"
    )
    places: Names = Field(ALL, description="the places, or all")
    measure: NameOrAll = Field(description="the measure, or all")
    scope: NameOrAll = Field("all", description="the scope, or all, so that parts and total move together")
    years: Years = Field(description="first and last year; [start] has no end")
    points: Annotated[Quantity | Literal["best_peer"], Amount(phrased("percentage points a year"), -50, 100, "best_peer")] = Field(
        description="added growth"
    )
    ramp: Ramp = Field(1, description=RAMP_HELP)


class Programme(Term):
    """A level gained once."""

    kind: ClassVar[str] = "programme"
    address: ClassVar[tuple[str, ...]] = ("places", "measure", "scope", "years")
    english: ClassVar[str] = (
        "A level gained once, such as the 5,000 jobs of a park that opens: each of the places gains it, in equal parts over the years. What is "
        "gained grows from the next year on with all the rest of the series, and stays."
    )
    chinese: ClassVar[str] = (
        "一次性项目，例如新园区开园带来 5,000 个岗位：每个所列地方都获得这一增量，在所列年份内平均到位。"
        "已到位的部分从下一年起与该序列的其余部分一同增长，并一直保留。"
    )
    places: Names = Field(description="the places, each of which gains the level")
    measure: Name = Field(description="the measure")
    scope: Name = Field("total", description="the scope")
    years: Span = Field(description="first and last year in which it arrives")
    level: Annotated[Quantity, Amount(LEVEL.unit, 0, LARGEST_LEVEL)] = Field(description="what each place gains in all")
    unit: Unit | None = Field(None, description=UNIT_HELP)


class Talent(Term):
    """People trained who stay."""

    kind: ClassVar[str] = "talent"
    address: ClassVar[tuple[str, ...]] = ("places", "measure", "years")
    english: ClassVar[str] = (
        "More people trained: each year, trainees times retention (the share who then work in the industry of the place) are employees gained, "
        "over and above those that the forecast holds already. It moves the number of employees alone; contracts follow only if an "
        "assumption `link` says how."
    )
    chinese: ClassVar[str] = (
        "人才培养：每年新增培训人数乘以留存率（其后在当地该行业就业的比例），即为在预测之外每年增加的从业人员。"
        "它只改变从业人员数；只有在假设中用 link 说明联系时，合同额才随之变动。"
    )
    places: Names = Field(description="the places, each of which trains that many")
    measure: Name = Field("employees", description="the measure of employees that gains")
    years: Years = Field(description="first and last year of training; [start] has no end")
    trainees: Annotated[Quantity, Amount(phrased("persons a year"), 0, 1e7)] = Field(description="trained each year in each place")
    retention: Annotated[Quantity, Amount(phrased("share"), 0, 1)] = Field(description="share of the trainees who stay")


class Fdi(Term):
    """Foreign direct investment attracted."""

    kind: ClassVar[str] = "fdi"
    address: ClassVar[tuple[str, ...]] = ("places", "measure", "years")
    english: ClassVar[str] = (
        "More foreign direct investment attracted: an amount added to that of each year while the lever lasts, in each of the places. It is an "
        "amount and not a rate because investment is promised in amounts, year by year; for a rate there is `growth`. It does not grow with "
        "the rest, and ends with its last year."
    )
    chinese: ClassVar[str] = (
        "引进外商直接投资：在所列年份内，每个所列地方每年的投资额增加这一数额。之所以用数额而不用增长率，是因为招商引资逐年以数额承诺；"
        "若要用增长率，请用 growth。该数额不随其余部分增长，到最后一年即止。"
    )
    places: Names = Field(description="the places, each of which attracts the amount")
    measure: Name = Field("fdi_actual", description="the measure of investment")
    years: Years = Field(description="first and last year; [start] has no end")
    amount: Annotated[Quantity, Amount(phrased("currency units a year"), 0, LARGEST_LEVEL)] = Field(
        description="attracted each year in each place"
    )
    unit: Unit = Field("USD", description="of the amount")
    ramp: Ramp = Field(1, description=RAMP_HELP)


class Ceiling(Term):
    """A level that growth cannot pass."""

    kind: ClassVar[str] = "ceiling"
    address: ClassVar[tuple[str, ...]] = ("places", "measure", "scope")
    english: ClassVar[str] = (
        "A level that growth slows down towards, such as the office space or the labour force of a city: each year's growth is multiplied by "
        "1 - level/ceiling (the logistic law), and by nothing less than 0. At half the ceiling growth is half of what it would be."
    )
    chinese: ClassVar[str] = (
        "上限：增长趋近它时放缓，例如城市的办公面积或劳动力。每年的增长乘以 1 - 水平/上限（逻辑斯谛规律），且不小于 0。"
        "水平达到上限一半时，增长为原来的一半。"
    )
    places: Names = Field(description="the places, each of which has this ceiling")
    measure: Name = Field(description="the measure")
    scope: Name = Field("total", description="the scope")
    level: Annotated[Quantity, LEVEL] = Field(description="the ceiling")
    unit: Unit | None = Field(None, description=UNIT_HELP)


class Target(Term):
    """A stated target moved."""

    kind: ClassVar[str] = "target"
    address: ClassVar[tuple[str, ...]] = ("target",)
    english: ClassVar[str] = (
        "A stated target moved: another value, another due year, or both. It changes what is aimed at and nothing about the futures; it "
        "shows how much of a gap is the aim's. Of a distribution each draw has its own value; growth required and the value shown are those of its "
        "median. `sourcecast targets --format json` lists the names of the targets."
    )
    chinese: ClassVar[str] = (
        "调整既定目标：另定目标值、到期年份，或两者都改。它只改变目标，不改变任何未来情景，用来看差距中有多少出自目标本身。"
        "若给出分布，则每次抽取各有自己的目标值；所需增长与所示目标值按其中位数计。"
        "各目标的名称见 sourcecast targets --format json。"
    )
    target: Name = Field(description="name of the target")
    value: Annotated[Quantity, Amount(phrased("the target's own unit"), 0, LARGEST_LEVEL)] | None = Field(
        None, description="the new value"
    )
    due: Year | None = Field(None, description="the new due year")

    @model_validator(mode="after")
    def _moves(self) -> Self:
        if self.value is None and self.due is None:
            raise refused(phrased("a value, a due year, or both"))
        return self


LEVERS: dict[str, type[Term]] = {one.kind: one for one in (Growth, Programme, Talent, Fdi, Ceiling, Target)}

Lever = Annotated[
    Annotated[Growth, Named("growth"), Tag("growth")]
    | Annotated[Programme, Named("programme"), Tag("programme")]
    | Annotated[Talent, Named("talent"), Tag("talent")]
    | Annotated[Fdi, Named("fdi"), Tag("fdi")]
    | Annotated[Ceiling, Named("ceiling"), Tag("ceiling")]
    | Annotated[Target, Named("target"), Tag("target")],
    Discriminator(term_kind),
]
