/** Chinese words of the private line. */
export const zhLine = {
  own: "联系书记员",
  hint: "需要帮助请写在这里。只有书记员和审判人员能看到，不写入笔录。",
  of: (name: string) => `与${name}的专线`,
  from: (name: string) => `${name}来信，等待书记员答复`,
  view: "查看",
  answer: "答复",
  write: "要说的话",
  send: "发送",
};

export type LineWords = typeof zhLine;
