/** Turns that a hearing always has, by its phase: a small table. The record is Chinese whatever language the page speaks. */
import type { Phase } from "../control/messages";
import type { TurnKind } from "../transcript/turn";

export interface Template {
  /** Key of its name in the message table. */
  name: "head" | "discipline" | "parties" | "rights" | "investigation" | "debate" | "statements" | "mediation" | "recess" | "resume" | "closing" | "reading";
  /** Phases in which it is offered. */
  phases: readonly Phase[];
  /** Kind, role prefix (empty = none) and words of each turn. */
  turns: ReadonlyArray<readonly [TurnKind, string, string]>;
}

const BEFORE: readonly Phase[] = ["SCHEDULED", "PREPARING"];
const SITTING: readonly Phase[] = ["IN_SESSION"];
const AFTER: readonly Phase[] = ["RECESS", "CLOSED"];

export const TEMPLATES: readonly Template[] = [
  {
    name: "head",
    phases: BEFORE,
    turns: [
      ["heading", "", "庭审笔录"],
      ["note", "", "时间：    地点：在线庭审    审判员：    书记员：    案由："],
    ],
  },
  {
    name: "discipline",
    phases: [...BEFORE, ...SITTING],
    turns: [
      ["heading", "", "【法庭纪律】"],
      ["speech", "书", "现在宣布法庭纪律：着装得体，保持环境安静、光线充足；未经许可不得中途退出，不得录音、录像、截屏或者传播庭审画面；发言须经审判人员许可。"],
    ],
  },
  {
    name: "parties",
    phases: [...BEFORE, ...SITTING],
    turns: [
      ["heading", "", "（一）核对当事人身份"],
      ["speech", "审", "核对到庭人员身份。对方出庭人员有无异议？"],
      ["speech", "原", "无异议。"],
      ["speech", "被", "无异议。"],
    ],
  },
  {
    name: "rights",
    phases: SITTING,
    turns: [
      ["speech", "审", "告知当事人诉讼权利和义务。是否听清？是否申请回避？"],
      ["speech", "原", "听清，不申请回避。"],
      ["speech", "被", "听清，不申请回避。"],
    ],
  },
  {
    name: "investigation",
    phases: SITTING,
    turns: [
      ["heading", "", "（二）法庭调查"],
      ["speech", "审", "现在进行法庭调查。由原告陈述诉讼请求、事实和理由。"],
    ],
  },
  {
    name: "debate",
    phases: SITTING,
    turns: [
      ["heading", "", "（三）法庭辩论"],
      ["speech", "审", "法庭调查结束，现在进行法庭辩论。由原告发表辩论意见。"],
    ],
  },
  {
    name: "statements",
    phases: SITTING,
    turns: [
      ["heading", "", "（四）最后陈述"],
      ["speech", "审", "法庭辩论结束。请双方作最后陈述。"],
      ["speech", "原", "坚持诉讼请求。"],
      ["speech", "被", "坚持答辩意见。"],
    ],
  },
  {
    name: "mediation",
    phases: SITTING,
    turns: [
      ["speech", "审", "双方是否同意调解？"],
      ["speech", "原", ""],
      ["speech", "被", ""],
    ],
  },
  { name: "recess", phases: SITTING, turns: [["speech", "审", "现在休庭。"]] },
  { name: "resume", phases: ["RECESS"], turns: [["speech", "审", "现在继续开庭。"]] },
  { name: "closing", phases: SITTING, turns: [["speech", "审", "请各方核对笔录，确认无误后签名。现在闭庭。"]] },
  {
    name: "reading",
    phases: AFTER,
    turns: [["note", "", "以上笔录已经阅读，记录无误。"]],
  },
];

export const templatesFor = (phase: Phase | null): Template[] =>
  TEMPLATES.filter(({ phases }) => phase !== null && phases.includes(phase));
