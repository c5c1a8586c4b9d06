import { Link } from "@tanstack/react-router";
import { useTexts } from "../../frame/texts.ts";
import { shortId } from "../../keys/names.ts";
import { useChain } from "../../network/use-chain.ts";
import { Mono, Tag } from "../../ui/surface.tsx";
import { fetchTransaction } from "./chain-data.ts";
import styles from "./explorer.module.css";
import { explorerTexts } from "./texts.ts";
import { useTransactionWords } from "./transaction-words.ts";

/** A transaction in a list: what it does, in a line. */
export function TransactionRow({ txHash }: { readonly txHash: string }) {
  const t = useTexts(explorerTexts);
  const words = useTransactionWords();
  const { data: transaction } = useChain(["transaction", txHash], (client) => fetchTransaction(client, txHash));
  const acts = transaction && words(transaction.bytes)?.acts;
  return (
    <li>
      <Link className={styles.row} to={`/explorer/transactions/${txHash}`}>
        <strong>{acts ? acts.map(({ title }) => title).join(" · ") : <Mono>{shortId(txHash)}</Mono>}</strong>
        {transaction?.refusal && <Tag tone="bad">{t("refusedTx")}</Tag>}
        {acts && <Mono>{shortId(txHash)}</Mono>}
      </Link>
    </li>
  );
}
