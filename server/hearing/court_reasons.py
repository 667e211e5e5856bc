"""Why a command beside the phases is refused: its part of the table of reasons."""

from __future__ import annotations

from collections.abc import Mapping

from server.hearing.sentences import Sentence

REASONS_COURT: Mapping[str, Sentence] = {
    "not_in_court": Sentence(
        "您不在法庭内，不能举手。", "You are not in the courtroom, so you cannot raise your hand."
    ),
    "not_your_hand": Sentence("只能放下自己举的手。", "Only a judge or a clerk may lower somebody else's hand."),
    "not_your_side": Sentence(
        "只有当事人及其诉讼代理人可以要求会商。", "Only a party and their agents may ask for this consultation."
    ),
    "waiting_open": Sentence(
        "候庭室已开放，或者已经开庭。", "The waiting rooms are open already, or the session has begun."
    ),
    "not_preparing": Sentence(
        "只有候庭期间可以宣布。", "Announcements are made while people wait, before the session opens."
    ),
    "announcing": Sentence("正在宣布法庭纪律。", "An announcement is being made already."),
    "not_announcing": Sentence("当前没有正在进行的宣布。", "No announcement is being made."),
    "not_sitting": Sentence("当前不在庭审中。", "The court is not in session."),
    "no_session": Sentence("当前不能举手，请等待开庭或复庭。", "Hands can be raised when the court is in session."),
    "hold_too_short": Sentence(
        "审判员连线中断满一分钟后，才可因技术原因休庭。",
        "A technical recess is possible once the judge has been away for a minute.",
    ),
    "all_muted": Sentence("应静音的人员均已静音。", "Everybody who can be muted is muted already."),
    "gallery_closed": Sentence("旁听已关闭。", "The gallery is closed already."),
    "gallery_open": Sentence("旁听已开放。", "The gallery is open already."),
    "not_recording": Sentence(
        "当前未在录音录像，不能标记。", "Nothing is being recorded at present, so nothing can be marked."
    ),
    "no_consultation_now": Sentence(
        "只有候庭或休庭期间可以会商。", "Consultations are possible before the session opens and in a recess."
    ),
    "not_a_witness": Sentence("只能传唤证人或鉴定人。", "Only a witness or an expert can be summoned and dismissed."),
    "summoned_already": Sentence("此人已在庭。", "That person is in court already."),
    "other_witness_in_court": Sentence(
        "其他证人在庭时，不能传唤证人。", "Another witness is in court: witnesses are heard one at a time."
    ),
    "person_not_in_court": Sentence("此人不在法庭内。", "That person is not in the courtroom."),
    "spotlit_not_in_court": Sentence("只能突出显示在庭人员。", "Only somebody who is in court can be shown large."),
    "bench_has_its_say": Sentence(
        "不能对审判人员静音或责令其退出。", "A member of the bench can be neither muted nor removed."
    ),
    "already_muted": Sentence("此人已被静音。", "That person is muted already."),
    "not_muted": Sentence("此人未被静音。", "That person is not muted."),
    "has_floor": Sentence("此人正在发言。", "That person has the floor already."),
    "already_spotlit": Sentence("主画面没有变化。", "That is who is shown large already."),
    "hand_up": Sentence("您已经举手。", "Your hand is raised already."),
    "hand_down": Sentence("此人没有举手。", "No hand is raised there."),
    "unknown_party": Sentence("请指明要会商的当事人。", "The party who is to consult must be named."),
    "party_barred": Sentence(
        "该当事人已被隔离或已退庭，不能会商。", "That party is isolated or has left, so they cannot consult."
    ),
    "no_agent": Sentence("该当事人没有可以会商的诉讼代理人。", "That party has no agent here to consult with."),
    "consulting": Sentence("会商已经开始。", "They are consulting already."),
    "not_consulting": Sentence("当前没有这项会商。", "There is no such consultation now."),
    "unknown_conduct": Sentence("被标记的人员不是本次庭审的参与人。", "The person named is not part of this hearing."),
    "not_on_the_line": Sentence(
        "专线只供被隔离人员与书记员使用。", "The private line is for isolated persons and the court's clerks."
    ),
    "line_to_clerks_only": Sentence("隔离期间只能联系书记员。", "While isolated you can write to the clerks only."),
    "line_empty": Sentence("请写明内容。", "There is nothing written."),
    "line_too_long": Sentence("内容不得超过500字。", "At most 500 characters can be sent at once."),
    "line_too_often": Sentence("发送过于频繁，请稍候再发。", "Too many messages; please wait a little."),
}
FORBIDDEN_COURT = frozenset(
    {"not_in_court", "not_your_hand", "not_your_side", "not_on_the_line"}
)  # these speak of who asks
