"""Why something is refused: one table from stable code to a sentence in both languages; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same sentence in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command or an access that the rules do not allow. `code` is stable; the sentences are for people."""

    code: str
    zh: str
    en: str


REASONS: Mapping[str, Sentence] = MappingProxyType(
    {
        # who asks
        "not_in_hearing": Sentence("您不是本次庭审的参与人。", "You are not part of this hearing."),
        "isolated": Sentence(
            "您已被隔离，解除前不能查看或操作。", "You are isolated: nothing can be seen or done until release."
        ),
        "released": Sentence(
            "您已经法庭同意退庭。", "The court has allowed you to leave; you are no longer part of this hearing."
        ),
        "removed": Sentence("您已被责令退出法庭。", "You have been ordered to leave the courtroom."),
        "not_presiding": Sentence(
            "只有审判长或独任审判员可以宣布开庭。", "Only the presiding or sole judge may open the session."
        ),
        "not_a_judge": Sentence("只有审判长或审判员可以作此决定。", "Only a judge may decide this."),
        "neither_judge_nor_clerk": Sentence(
            "只有审判人员，或受其指令的书记员可以执行。", "Only a judge, or the clerk on a judge's order, may do this."
        ),
        # the hearing
        "hearing_closed": Sentence("庭审已闭庭，不能再变更。", "The hearing is closed; this is final."),
        "already_opened": Sentence("庭审已经开庭。", "The session has already been opened."),
        "not_in_session": Sentence(
            "当前不在庭审中，不能休庭。", "The court is not in session, so it cannot go into recess."
        ),
        "not_in_recess": Sentence("当前不在休庭中，不能复庭。", "The court is not in recess, so it cannot resume."),
        "not_opened": Sentence("尚未开庭，不能闭庭。", "The session has not been opened, so it cannot be closed."),
        "judge_absent": Sentence("审判长或独任审判员未连线，不能开庭。", "The presiding judge is not connected."),
        "clerk_absent": Sentence("没有书记员连线，无人记录，不能开庭。", "No clerk is connected to take the record."),
        # the request
        "invalid_command": Sentence("指令内容不符合要求。", "The command does not have the expected form."),
        "order_missing": Sentence(
            "书记员执行隔离或解除隔离，须写明审判人员的指令。", "A clerk must state the judge's order as the reason."
        ),
        "storage_unavailable": Sentence(
            "服务器暂时无法保存，指令未执行。", "The server cannot save at the moment; nothing was done."
        ),
        "internal": Sentence("服务器内部错误，已记录。", "The server failed; it has been recorded."),
        # the person spoken of
        "unknown_person": Sentence("此人不是本次庭审的参与人。", "That person is not part of this hearing."),
        "gone": Sentence("此人已退庭或被责令退出。", "That person has left or has been removed."),
        "sole_judge": Sentence("独任审判员不能被隔离。", "The sole judge cannot be isolated."),
        "bench_member": Sentence(
            "合议庭成员不能被隔离：缺少成员不得审理。",
            "A member of the bench cannot be isolated: the full bench must sit.",
        ),
        "own_person": Sentence("不能隔离自己。", "Nobody can isolate themselves."),
        "last_clerk": Sentence(
            "不能隔离唯一的书记员：笔录须有人记录。",
            "The last clerk cannot be isolated: somebody must keep the record.",
        ),
        "already_isolated": Sentence("此人已被隔离。", "That person is isolated already."),
        "not_isolated": Sentence("此人未被隔离。", "That person is not isolated."),
        # documents
        "other_hearing": Sentence("该文件不属于本次庭审。", "The document belongs to another hearing."),
        "not_yours": Sentence("私人笔记只向本人开放。", "Private notes are open to their owner only."),
        "role_may_not_read": Sentence("您的身份不能查看该文件。", "Your role may not read this document."),
        "role_may_not_write": Sentence("您的身份不能编写该文件。", "Your role may not write this document."),
        "observers_not_admitted": Sentence(
            "法庭未允许旁听人员查看。", "The court has not allowed observers to read this."
        ),
        "not_let_in": Sentence("您尚未进入法庭，开庭后可用。", "You have not been let into the courtroom yet."),
        "wrong_phase": Sentence(
            "庭审的当前阶段不能进行此操作。", "This is not possible in the hearing's present phase."
        ),
    }
)


# Codes that speak of the person who asks (HTTP 403); all others speak of the moment or of what was asked for (HTTP
# 409).
FORBIDDEN = frozenset(
    {"not_in_hearing", "isolated", "released", "removed", "not_presiding", "not_a_judge", "neither_judge_nor_clerk"}
)


def refusal(code: str) -> Refusal:
    """The refusal with this code; raises KeyError for a code that has no sentence."""
    sentence = REASONS[code]
    return Refusal(code, sentence.zh, sentence.en)
