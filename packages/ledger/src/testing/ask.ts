import { codecOf } from "../schema/codec.ts";
import type { TestChain } from "./chain.ts";

/** Answer of a query on the durable state. Throws unless parameters and answer fit the query's schemas. */
export function ask(chain: TestChain, name: string, parameters: object = {}): unknown {
  const query = chain.ledger.version.queries.get(name);
  if (!query) throw new Error(`no query ${name}`);
  codecOf(query.parameters).encode(parameters);
  const answer = query.run(chain.ledger.read(), parameters as never);
  codecOf(query.result, { maxBytes: 1_048_576 }).encode(answer);
  return answer;
}
