/** Raised hands as the court sees them: how many, in which order, and the floor with one press. */
import { useEffect, useRef } from "preact/hooks";
import { words } from "../i18n/language";
import { announce } from "../ui/announcer";
import { Menu } from "../ui/menu";
import { focusBar } from "./bar-focus";
import { offered, raisedHands } from "./offers";
import type { HearingRoom } from "./room";

export function Hands({ room }: { room: HearingRoom }) {
  const t = words.value;
  const hands = raisedHands(room.model.roster.value);
  useNewHands(room);
  const command = (["floor", "lower_hand"] as const).find((each) => offered(room.model.offers.value, each));
  if (hands.length === 0 || !command) return null;
  return (
    <Menu label={t.orders.hands(hands.length)} icon="hand" side="above" class="hands">
      {(close) =>
        hands.map((entry, place) => (
          <button
            key={entry.person}
            type="button"
            class="menu-item"
            disabled={room.control.link.value.is !== "open"}
            onClick={() => {
              close();
              room.command({ command, person: entry.person });
              focusBar();
            }}
          >
            <span>{`${place + 1}. ${t.ofPerson[command](entry.name)}`}</span>
          </button>
        ))
      }
    </Menu>
  );
}

/** A screen reader is told of each new hand once; those already up when the page was opened are in the list. */
function useNewHands(room: HearingRoom): void {
  const hands = raisedHands(room.model.roster.value);
  const last = hands.at(-1);
  const heard = useRef(last?.hand ?? 0);
  useEffect(() => {
    if (last && (last.hand ?? 0) > heard.current) {
      heard.current = last.hand ?? 0;
      announce(words.peek().orders.raisedBy(last.name));
    }
  }, [last?.hand]);
}
