"""Why something is refused: one table from stable code to a sentence in both languages; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from server.hearing.court_reasons import FORBIDDEN_COURT, REASONS_COURT
from server.hearing.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command or an access that the rules do not allow. `code` is stable; the sentences are for people."""

    code: str
    zh: str
    en: str


__all__ = ["FORBIDDEN", "REASONS", "Refusal", "Sentence", "refusal"]

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
        "not_a_clerk": Sentence("只有书记员可以执行。", "Only a clerk may do this."),
        "not_a_signer": Sentence("您不在本笔录的签名人之列。", "You are not among those who sign this transcript."),
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
        "not_opened_yet": Sentence("尚未开庭，没有可供签名的笔录。", "Not opened yet: there is nothing to sign."),
        "signing_under_way": Sentence("笔录已发起签名。", "The transcript has already been given for signing."),
        "being_frozen": Sentence("笔录正在定稿，请稍候。", "The transcript is being frozen; please wait."),
        "not_being_signed": Sentence("笔录当前不在签名阶段。", "The transcript is not being signed at present."),
        "nothing_frozen": Sentence("笔录仍在记录中，无需补正。", "The transcript is still a draft; it can be edited."),
        "wrong_version": Sentence("您看到的不是当前待签名的版本。", "That is not the version being signed now."),
        # the request
        "reason_missing": Sentence("请写明理由。", "A reason must be given."),
        "unknown_request": Sentence("没有这项补正申请。", "There is no such request for a correction."),
        "request_decided": Sentence("该补正申请已有决定。", "This request for a correction has been decided already."),
        "too_many_requests": Sentence(
            "您尚未决定的补正申请过多，请等待审判人员决定。",
            "Too many of your requests for corrections are undecided; please wait for the judge.",
        ),
        "key_missing": Sentence("尚未绑定签名密钥。", "No signing key has been bound to you yet."),
        "key_known": Sentence("该签名密钥已绑定给您。", "This signing key is bound to you already."),
        "key_of_another": Sentence("该签名密钥属于他人。", "This signing key belongs to somebody else."),
        "too_many_keys": Sentence("绑定的签名密钥过多。", "Too many signing keys have been bound."),
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
            "不能隔离唯一的书记员，或责令其退出：笔录须有人记录。",
            "The last clerk cannot be isolated or removed: somebody must keep the record.",
        ),
        "already_isolated": Sentence("此人已被隔离。", "That person is isolated already."),
        "not_isolated": Sentence("此人未被隔离。", "That person is not isolated."),
        "no_signer": Sentence("此人不在本笔录的签名人之列。", "That person is not among those who sign."),
        "signer_done": Sentence("此人的签名事项已经办结。", "That person has signed or is settled already."),
        "already_signed": Sentence("您已经签名。", "You have signed already."),
        "already_objected": Sentence("您已经提出异议。", "You have objected already."),
        "no_refusal_recorded": Sentence(
            "书记员尚未记明此人拒绝签名。", "The clerk has not recorded that this person refuses to sign."
        ),
        "own_refusal": Sentence("不能确认自己的拒签。", "Nobody can confirm their own refusal to sign."),
        "too_early": Sentence(
            "笔录定稿未满五日，不能记为无法联系。",
            "The five days for reading and signing are not over yet.",
        ),
        **REASONS_COURT,
        # documents
        "frozen": Sentence("笔录已定稿，不能再修改。", "The transcript has been frozen and cannot be edited."),
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
        # exhibits
        "role_may_not_hand_in": Sentence("您的身份不能提交证据。", "Your role may not hand in exhibits."),
        "offered_for_another": Sentence(
            "只能为自己或所代理的当事人提交证据。",
            "Exhibits are handed in for oneself or for the party one speaks for.",
        ),
        "not_your_exhibit": Sentence(
            "只有提交该证据的一方或书记员可以撤回。", "Only whoever offers an exhibit, or a clerk, may withdraw it."
        ),
        "not_ready": Sentence("该证据尚未处理完成或未被接收。", "This exhibit is not ready, or was not taken in."),
        "exhibit_withdrawn": Sentence("该证据已经撤回。", "This exhibit has been withdrawn."),
        # the media room
        "bad_sdp": Sentence("浏览器的音视频协商请求无法处理。", "The browser's media offer cannot be used."),
        "too_many": Sentence("音视频连接数量已达上限。", "The media room takes no more connections."),
        "media_unavailable": Sentence(
            "音视频服务暂时中断，正在恢复。", "Sound and picture are interrupted for the moment and will be back."
        ),
    }
)


# Codes that speak of the person who asks (HTTP 403); all others speak of the moment or of what was asked for (HTTP
# 409).
FORBIDDEN = frozenset(
    {
        "not_in_hearing",
        "isolated",
        "released",
        "removed",
        "not_presiding",
        "not_a_judge",
        "neither_judge_nor_clerk",
        "not_a_clerk",
        "not_a_signer",
        *FORBIDDEN_COURT,
    }
)


def refusal(code: str) -> Refusal:
    """The refusal with this code; raises KeyError for a code that has no sentence."""
    sentence = REASONS[code]
    return Refusal(code, sentence.zh, sentence.en)
