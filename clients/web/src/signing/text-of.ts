/** A turn of the signed text in the forms that others of the page take. Changes nothing. */
import type { Run, Turn, TurnKind } from "../transcript/turn";
import type { Content } from "./content";
import type { ReadTurn } from "./differences";

export type SignedTurn = Content["blocks"][number];

export const textOf = (turn: SignedTurn): string => turn.runs.map(({ text }) => text).join("");

export function asReadTurn(turn: SignedTurn): ReadTurn {
  const { id, kind, speaker, role, at } = turn;
  return { id, kind, speaker, role, at, text: textOf(turn) };
}

/** As the live transcript draws it. */
export function asTurn(turn: SignedTurn): Turn {
  const runs: Run[] = turn.runs.map(({ text, bold, underline, unsure }) => ({
    text,
    bold: bold === true,
    underline: underline === true,
    unsure: unsure !== undefined,
  }));
  return { ...turn, kind: turn.kind as TurnKind, runs };
}
