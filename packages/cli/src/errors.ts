import { defineErrors } from "@galen/ledger/app/refusal";

/** What the command line itself refuses, before or beside what a node answers. */
export const errors = defineErrors("cli", 95_000, {
  NoWallet: [
    1,
    404,
    "there is no wallet in this folder; start a network with `galen start`, make a wallet with `galen keys create NAME`, or name its folder with --wallet",
  ],
  NoPassphrase: [2, 401, "the wallet is locked and there is no terminal to ask at; put its passphrase into GALEN_PASSPHRASE"],
  WrongPassphrase: [3, 401, "this passphrase does not open the wallet; try again, or correct GALEN_PASSPHRASE"],
  BrokenWallet: [
    4,
    422,
    "a file of the wallet is damaged; put it back from a backup, or make the key again from its words with `galen keys import`",
  ],
  UnknownName: [5, 404, "the wallet knows nobody of this name; `galen keys list` shows those it knows"],
  NoKeys: [6, 403, "the wallet knows this name but holds no keys for it, so it cannot act; import the keys with `galen keys import`"],
  NameTaken: [7, 409, "the wallet holds this name already; choose another one"],
  BadName: [8, 422, "a name has 1 to 80 characters, none of them a control character, and is not an account id"],
  NotFound: [9, 404, "the file or folder does not exist or cannot be read; check the path"],
  NothingToImport: [10, 404, "the folder holds no .json files; name the files to import"],
  OtherSuccessor: [
    70,
    409,
    "the chain has ended and names another network, `chainId`, as its successor; give the genesis document of that one",
  ],
  OtherNetwork: [
    11,
    409,
    "this node belongs to another network than the one this wallet trusts; use another --wallet, or the node of the pinned network",
  ],
  UnknownGrant: [12, 404, "no grant of this owner has an id that begins so; `galen grants` lists them"],
  NoGrant: [
    13,
    404,
    "no grant of this patient to this reader is known; ask the patient for one with `galen grant`, or name one with --grant",
  ],
  NoRecords: [14, 404, "the patient has no records that this reader may name; name one with --record"],
  AmbiguousId: [15, 409, "several ids begin with these characters; write more of the id"],
  UnknownRecord: [16, 404, "the owner has no record whose id begins so; `galen records list` shows them"],
  BadDate: [17, 422, "this is neither a date such as 2027-01-31, nor a time such as 2027-01-31T08:00Z, nor a span such as 90d, 12h or 30m"],
  BadValue: [18, 422, "an option has a value that does not fit; `reason` says what is needed"],
  NoTrust: [
    20,
    404,
    "nothing says whom to trust; name a file with chainId and validatorsHash with --trust, or connect once with this wallet",
  ],
  ReplayDiffers: [21, 409, "executing the blocks again gives another state than the chain says; keep the data folder for analysis"],
  NoCollectiveKey: [
    22,
    503,
    "the custodians have not made the collective key; all nodes must answer, their logs say why they do not, and starting again tries again",
  ],
  NotThisMachine: [24, 404, "the people of the sample town are told on this machine alone; open http://127.0.0.1 or http://localhost here"],
  NotForOrganisation: [23, 422, "the author works for no organisation known to the wallet; name it with --organisation"],
  UnknownProposal: [25, 404, "no proposal has an id that begins so; `galen governance list --all` shows them"],
});
