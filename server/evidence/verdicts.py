"""What intake can say of a file: one table of refusals and one of warnings, for people, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from server.hearing.reasons import Sentence


class Refused(Exception):
    """The file is not taken in; `code` is one of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


REFUSALS: Mapping[str, Sentence] = MappingProxyType(
    {
        "empty": Sentence("文件是空的，请重新选择文件。", "The file is empty; please choose another one."),
        "not_a_pdf": Sentence(
            "不是可用的证据文件：请提交 PDF 文件或 JPEG、PNG 图片。",
            "This is no PDF, JPEG or PNG; please hand in one of these.",
        ),
        "encrypted": Sentence(
            "文件设有打开密码，法庭无法查看：请去除密码后重新提交。",
            "The file needs a password to be opened; please remove it and hand the file in again.",
        ),
        "damaged": Sentence(
            "文件已损坏，无法打开：请重新导出或扫描后再提交。",
            "The file is damaged and cannot be opened; please export or scan it again.",
        ),
        "no_pages": Sentence("文件中没有页面。", "The file has no pages."),
        "too_many_pages": Sentence(
            "页数超过 5000 页：请拆分后分别提交。", "The file has more than 5,000 pages; please split it."
        ),
        "page_too_large": Sentence(
            "有页面尺寸过大（超过 14400 点，约 5 米）：请缩小页面后再提交。",
            "A page is too large (more than 14,400 points, about 5 metres); please make it smaller.",
        ),
        "image_too_large": Sentence(
            "有图片过大（超过 2 亿像素）：请降低分辨率后再提交。",
            "A picture is too large (more than 200 million pixels); please lower its resolution.",
        ),
        "resource_limit": Sentence(
            "文件过于复杂，超出处理限度：请重新导出或扫描后再提交。",
            "The file takes more time or memory than allowed; please export or scan it again.",
        ),
    }
)

WARNINGS: Mapping[str, Sentence] = MappingProxyType(
    {
        "repaired": Sentence(
            "文件有损坏，已尽量修复；原件保持不变，请核对每一页。",
            "The file was damaged and has been repaired as far as possible; the original is kept. Please check it.",
        ),
        "encrypted_empty_password": Sentence(
            "文件带有权限限制（无需密码即可打开）；法庭查看用的副本不带此限制。",
            "The file restricts its use but opens without a password; the copy that is shown has no such limits.",
        ),
        "active_content_removed": Sentence(
            "文件含有脚本、附件、外部链接等活动内容，已从查看用的副本中去除；原件保持不变。",
            "Scripts, attachments or outside links were taken out of the copy that is shown; the original is kept.",
        ),
        "signed": Sentence(
            "文件带有电子签名；查看用的副本不能用来验证签名，验证请用原件。",
            "The file is digitally signed; the signature can be checked on the original only, not on the copy shown.",
        ),
        "no_text_layer": Sentence(
            "文件只有图像，没有可选择、可检索的文字。",
            "The file holds pictures only: its words cannot be selected or searched.",
        ),
        "trailing_data": Sentence(
            "文件结尾之后还有其他内容，未予显示；原件保持不变。",
            "Something follows the end of the document; it is not shown. The original is kept.",
        ),
        "structure": Sentence(
            "文件结构不规范，已按可读的方式整理；请核对每一页。",
            "The file's structure is irregular and was put in order; please check each page.",
        ),
    }
)

STEPS = 8  # of intake


def shown(code: str, table: Mapping[str, Sentence]) -> dict[str, Any]:
    """A code with its sentences, as the API gives it."""
    return {"code": code, "title_zh": table[code].zh, "title_en": table[code].en}
