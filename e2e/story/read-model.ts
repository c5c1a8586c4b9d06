import { type Client, listGrants, listRecords, listReleases, type OwnAccount, type Page, type Row } from "@galen/sdk";

const PAGE = 500;

/** Everything that a node's read model lists of some owners, as text to compare. */
export async function readModelOf(client: Client, owners: readonly OwnAccount[]): Promise<string> {
  const lists: (readonly Row[])[] = [];
  for (const as of owners) {
    const owner = as.account;
    lists.push(await all((before) => listRecords(client, { as, owner, before, limit: PAGE })));
    lists.push(await all((before) => listReleases(client, { as, owner, before, limit: PAGE })));
    lists.push(await all((before) => listGrants(client, { as, of: { owner }, before, limit: PAGE })));
  }
  return JSON.stringify(lists);
}

async function all(page: (before: number | undefined) => Promise<Page<Row>>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const { items, next } = await page(before ?? undefined);
    rows.push(...items);
    before = next;
  }
  return rows;
}
