import { KindReference, Mint, Transfer } from "@galen/ledger/modules/tokens/schema";
import { type Telling, telling } from "./act.ts";

export const tokensActs: Readonly<Record<string, Telling>> = {
  "tokens.register": telling(KindReference, {
    en: ({ tokenKind }, say) => ["Register a new kind of token", `Kind: ${say.text(tokenKind)}`],
    "zh-CN": ({ tokenKind }, say) => ["登记新的代币种类", `种类：${say.text(tokenKind)}`],
  }),
  "tokens.mint": telling(Mint, {
    en: ({ tokenKind, account, amount }, say) => [
      `Make ${say.number(amount)} new tokens`,
      `Kind: ${say.text(tokenKind)}`,
      `For: ${say.id(account)}`,
    ],
    "zh-CN": ({ tokenKind, account, amount }, say) => [
      `发行 ${say.number(amount)} 个新代币`,
      `种类：${say.text(tokenKind)}`,
      `给：${say.id(account)}`,
    ],
  }),
  "tokens.transfer": telling(Transfer, {
    en: ({ tokenKind, sender, recipient, amount }, say) => [
      `Give away ${say.number(amount)} tokens`,
      `Kind: ${say.text(tokenKind)}`,
      `From: ${say.id(sender)}`,
      `To: ${say.id(recipient)}`,
      "This cannot be undone.",
    ],
    "zh-CN": ({ tokenKind, sender, recipient, amount }, say) => [
      `转出 ${say.number(amount)} 个代币`,
      `种类：${say.text(tokenKind)}`,
      `转出方：${say.id(sender)}`,
      `接收方：${say.id(recipient)}`,
      "此操作不可撤回。",
    ],
  }),
};
