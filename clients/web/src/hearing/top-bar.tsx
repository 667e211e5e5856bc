/** The hearing's top bar: the way back, the case, the phase, the lights, the clock. */
import { words } from "../i18n/language";
import { JoinButton } from "../media/media-place";
import { ReadAloudChoice } from "../transcript/read-aloud-choice";
import { Icon } from "../ui/icons";
import { DisplayMenu } from "../ui/display-menu";
import { Link } from "../ui/link";
import { PhaseChip } from "../ui/phase-chip";
import { Clock } from "./clock";
import { RecordingLight } from "./recording-light";
import { ConnectionLight, StepLight } from "./lights";
import type { HearingRoom } from "./room";

export function TopBar({ room }: { room: HearingRoom }) {
  const t = words.value;
  const facts = room.model.facts.value;
  const phase = room.model.phase.value;
  return (
    <header class="top-bar">
      <Link to="/hearings" class="top-back">
        <Icon name="back" />
        <span class="visually-hidden">{t.hearing.back}</span>
      </Link>
      <div class="top-case">
        <h1>{facts?.title ?? t.loading}</h1>
        <p>
          <span class="top-number">{facts?.case_number}</span>
          <span class="top-court">{facts?.court}</span>
        </p>
      </div>
      <div class="top-state">
        {phase && <PhaseChip phase={phase} />}
        <RecordingLight room={room} />
        <ConnectionLight room={room} />
        <StepLight room={room} />
        <Clock />
      </div>
      <JoinButton room={room} />
      <DisplayMenu>{!room.desk.document.value && <ReadAloudChoice />}</DisplayMenu>
    </header>
  );
}
