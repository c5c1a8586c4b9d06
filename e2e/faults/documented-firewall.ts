import { readFile } from "node:fs/promises";
import { join } from "node:path";

const OPERATIONS = join(import.meta.dirname, "../../docs/operations");

/** The nftables rules that the guide gives to operators, with the nodes' own addresses. Throws Error when the guide has none any more. */
export async function documentedFirewall(nodes: readonly string[]): Promise<string> {
  const rules = await only("run-a-network.md", /```nft\n([\s\S]*?)```/);
  const example = /elements = \{[^}]*\}/;
  if (!example.test(rules)) throw new Error("the rules in the guide name no nodes");
  return rules.replace(example, `elements = { ${nodes.join(", ")} }`);
}

/** The command by which the guide lets one more node in, with its address. */
export async function documentedAdmission(node: string): Promise<readonly string[]> {
  const command = await only("join-leave-replace.md", /`(nft add element [^`]*)`/);
  return command.replace(/\{[^}]*\}/, `{ ${node} }`).split(" ");
}

async function only(page: string, what: RegExp): Promise<string> {
  const [, found] = what.exec(await readFile(join(OPERATIONS, page), "utf8")) ?? [];
  if (found === undefined) throw new Error(`docs/operations/${page} has nothing like ${what}`);
  return found;
}
