"""The words in which planners name columns and what stands in them, in English and Chinese."""

import re
import unicodedata
from functools import lru_cache

HEADERS = {
    "place": ("city", "region", "area", "location", "province", "park", "地区", "城市", "地点", "区域", "省份", "园区", "地方"),
    "measure": ("indicator", "variable", "metric", "指标", "指标名称"),
    "period": ("year", "years", "date", "time", "quarter", "month", "年份", "年", "年度", "时间", "日期", "期间", "季度", "月份"),
    "value": ("目标值", "amount", "figure", "数值", "值", "金额", "数量", "数据"),
    "unit": ("units", "currency", "单位", "币种", "货币"),
    "scope": ("口径", "范围"),
    "kind": ("类型", "类别"),
    "status": ("状态",),
    "wording": ("qualifier", "措辞"),
    "value_high": ("upper", "上限"),
    "relative_to": ("base", "基期"),
    "source": ("来源", "资料来源", "数据来源", "出处"),
    "known_by": ("published", "publication date", "公布日期", "发布日期"),
    "note": ("notes", "comment", "remark", "备注", "说明"),
    "due": ("target year", "due year", "目标年", "目标年份", "到期年份"),
}
# Of two columns that name places the more exact one counts.
WIDER_PLACES = ("province", "region", "area", "省份", "地区", "区域")
TOTALS = ("合计", "总计", "小计", "total", "sum", "subtotal", "grand total")
WORDS = {
    "kind": {
        "level": ("水平", "绝对值"),
        "growth": ("增长", "增长率", "同比", "同比增长", "yoy", "year-on-year", "growth rate"),
        "average_growth": ("年均增长", "年均增长率", "cagr"),
        "multiple": ("倍数",),
        "sum": ("累计", "cumulative"),
        "share": ("占比", "比重", "份额"),
        "rank": ("排名", "位次"),
    },
    "status": {"observed": ("实际", "actual"), "forecast": ("预测", "预计", "projected")},
    "wording": {
        "exact": ("准确",),
        "about": ("约", "大约", "左右", "approximately"),
        "nearly": ("近", "接近", "almost"),
        "over": ("超过", "超", "逾", "more than"),
        "at_least": ("至少", "不低于", "at least"),
        "under": ("不到", "低于", "less than"),
        "range": ("区间", "之间"),
    },
    "scope": {"total": ("合计", "总计", "全部", "总额", "all", "overall"), "offshore": ("离岸",), "onshore": ("在岸",)},
}


def plain(text: str) -> str:
    """Return a text in the letters of the keyboard: full-width digits and signs become ordinary ones, spaces single."""
    usual = text if text.isascii() else unicodedata.normalize("NFKC", text).replace("−", "-")
    return " ".join(usual.split())


def column_of(header: str, known: tuple[str, ...]) -> str:
    """Return the column that a header means, '' if none of the known ones."""
    folded = plain(header).casefold()
    if folded in known or folded.replace(" ", "_") in known:
        return folded.replace(" ", "_")
    return next((column for column, words in HEADERS.items() if column in known and folded in words), "")


@lru_cache(4096)  # a file repeats its words from row to row
def word_of(column: str, text: str) -> str:
    """Return the word of the tables that a cell means; what is unknown stays as it is, but for case."""
    folded = plain(text).casefold()
    for word, others in WORDS.get(column, {}).items():
        if folded == word or folded.replace(" ", "_") == word or folded in others:
            return word
    return re.sub(r"[ -]+", "_", folded) if column == "scope" else folded
