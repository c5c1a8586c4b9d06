import { defineErrors } from "@galen/ledger/app/refusal";
import { MIN_PASSPHRASE_LENGTH } from "@galen/sdk/keys/key-file";

/** What the command line itself refuses, before or beside what a node answers. */
export const errors = defineErrors("cli", 95_000, {
  NotUnderstood: [33, 422, "this command line was not understood; `reason` says why, and --help behind a verb shows what it takes"],
  ConfigError: [34, 422, "a setting of the node cannot be used; the sentence names it, where it stands and what is needed"],
  Failed: [35, 500, "something else did not work; the sentence says what, and what to do"],
  Internal: [36, 500, "something unexpected happened, `reason` says what; run it again with GALEN_DEBUG=1 and report what it prints"],
  NoWallet: [
    1,
    404,
    "there is no wallet in this folder; start a network with `galen start`, make a wallet with `galen keys create NAME`, or name its folder with --wallet",
  ],
  NoPassphrase: [
    2,
    401,
    "a passphrase is needed and there is no terminal to ask at; put it into the environment under the name that `variable` says",
  ],
  NothingTyped: [83, 401, "no passphrase was typed, so nothing was done; run it again"],
  BadPassphrase: [
    84,
    422,
    `a new passphrase has ${MIN_PASSPHRASE_LENGTH} characters or more, and at a terminal it is typed twice alike, as nothing opens what is locked under a slip; run it again`,
  ],
  WrongPassphrase: [3, 401, "this passphrase does not open the wallet; try again, or correct GALEN_PASSPHRASE"],
  WrongFilePassphrase: [87, 401, "this passphrase does not open `file`; try again, or correct the variable that `variable` names"],
  BrokenWallet: [
    4,
    422,
    "`file` of the wallet is damaged; put it back from a backup, or move it away: keys come again from their words with `galen keys import`, and without `network.json` the wallet meets its network anew",
  ],
  UnknownName: [5, 404, "the wallet knows nobody of this name; `galen keys list` shows those it knows"],
  NoKeys: [6, 403, "the wallet knows this name but holds no keys for it, so it cannot act; import the keys with `galen keys import`"],
  NameTaken: [7, 409, "the wallet holds this name already; choose another one"],
  AmbiguousName: [
    80,
    409,
    "the wallet has this name for several accounts; write the one that is meant in place of the name, or give it a name of its own with `galen keys add`",
  ],
  WalletBusy: [81, 503, "another process holds this wallet and does not go on; end it, or wait, and run this again"],
  BadName: [8, 422, "a name has 1 to 80 characters, none of them a control character, and is not an account id"],
  KeysKnown: [
    27,
    409,
    "the wallet holds keys of this account, which new ones would push out; if they are still the account's, no recovery is needed, else use another --wallet",
  ],
  NoRecoveryCode: [
    28,
    422,
    "this is no code of somebody who asks for help; copy the whole code that `galen recovery begin` or the app shows",
  ],
  NoGuardians: [31, 409, "the account has no guardians, so nobody can give it new keys; its seed words bring it back: `galen keys import`"],
  OtherDigits: [
    38,
    409,
    "other digits belong to this code, so it is not the one that the owner made; approve nothing, and ask the owner for the code again",
  ],
  NotRecovered: [29, 409, "the account does not have these keys yet; `galen recovery show` says what is missing"],
  SeveralAccounts: [
    30,
    409,
    "the ledger has several accounts with these keys, the oldest first, and anybody may have given an account of theirs your keys; name yours with --account",
  ],
  NotFound: [9, 404, "the file or folder does not exist or cannot be read; check the path"],
  NothingToImport: [10, 404, "the folder holds no .json files; name the files to import"],
  OtherSuccessor: [
    70,
    409,
    "the chain has ended and names another network, `chainId`, as its successor; give the genesis document of that one",
  ],
  BadSuccessor: [
    71,
    422,
    "no chain can go on as this document says; `reason` says why; give the founding document that `galen network found` made, or a genesis document",
  ],
  OtherNetwork: [
    11,
    409,
    "this node or document belongs to another network than the one this wallet trusts; use another --wallet, or what belongs to the pinned network",
  ],
  UnknownGrant: [12, 404, "no grant has an id that begins so; `galen grants` lists them"],
  UnknownRelease: [
    39,
    404,
    "no reading that can be reviewed here has an id that begins so; `galen log` and `galen emergency list` show them",
  ],
  UnknownId: [
    32,
    404,
    "neither a record nor a grant nor a log entry of this owner has an id that begins so; write all 64 characters of another one",
  ],
  NoGrant: [
    13,
    404,
    "no grant of this patient to this reader is known; ask the patient for one with `galen grant`, or name one with --grant",
  ],
  NoRecords: [14, 404, "there are no records of this patient that can be named here; who reads under a grant may name one with --record"],
  AmbiguousId: [15, 409, "several ids begin with these characters; write more of the id"],
  UnknownRecord: [16, 404, "no record has an id that begins so; `galen records list` shows the owner's"],
  BadDate: [17, 422, "this is neither a date such as 2027-01-31, nor a time such as 2027-01-31T08:00Z, nor a span such as 90d, 12h or 30m"],
  BadValue: [18, 422, "an argument or option does not fit; `reason` says what is needed"],
  NothingForCard: [
    82,
    409,
    "there is no sure person with a completed immunization for a card; what the house has not filed itself goes on a card when --include names it",
  ],
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
  TownNotFounded: [62, 404, "the sample town is still being founded; ask again when `galen network start` has said that it is ready"],
  NotForOrganisation: [23, 422, "the author works for no organisation known to the wallet; name it with --organisation"],
  NothingChanges: [37, 409, "all of this is in force already; name what shall be otherwise"],
  UnknownProposal: [25, 404, "no proposal has an id that begins so; `galen governance list --all` shows them"],
  BadCard: [40, 422, "this node card cannot be used; `reason` says why; have its organisation make and send it again"],
  CardsDoNotFit: [41, 422, "these node cards cannot found a network together; `reason` says why"],
  BadFounding: [42, 422, "this founding document cannot be used; make it again from the cards with `galen network found`"],
  NotOwnFounding: [43, 409, "the founding document has no card of this node as it stands; found the network again with its present card"],
  FolderTaken: [44, 409, "something else lies in this folder; name one that is empty or does not exist yet"],
  NoNode: [45, 404, "there is no node in this folder; name that of a node, or make one with `galen node init` or `galen node join`"],
  NoCard: [
    86,
    409,
    "the node in this folder has joined its network and has no card; name the folder of a founder, which `galen node init` made",
  ],
  NoNetworkFolder: [46, 404, "there is no network in this folder; make one with `galen network create`"],
  NetworkUnfinished: [
    89,
    409,
    "this network was not made to its end, as its wallet trusts none; delete the folder and run `galen network create` again, or, if its nodes have run before, put " +
      "the wallet back",
  ],
  NoCometbft: [
    47,
    404,
    "the program cometbft is not on this machine; `npm run setup:cometbft` builds it (needs Go), or name its path in GALEN_COMETBFT_BINARY",
  ],
  NodeEnded: [
    48,
    503,
    "a node of the network ended by itself; `log` says why, where it could tell, and node.log in its folder all of it; nothing is restarted silently: remove the cause and start again",
  ],
  FileTaken: [51, 409, "a file of this name is there already; a key is written over none, so name another or move that one away"],
  WebAppNotBuilt: [
    50,
    500,
    "the web app could not be built; where this user may not write, the owner of Galen's folder runs `npm run build:web` there, and where a package is damaged, `npm ci`",
  ],
  NoBlock: [52, 404, "the node does not hold this block; `galen status` says which height it has reached"],
  OtherNode: [
    63,
    409,
    "a node of another network answers at the address of one of this network's nodes; end that one, or correct `peers` in the settings, and start again",
  ],
  NetworkRuns: [53, 409, "this network is running already; stop it with `galen network stop`"],
  PortTaken: [49, 409, "another program listens on a port of this network, perhaps a network in another folder; stop it, and start again"],
  NotAdopted: [
    85,
    409,
    "this node is to found a network with others and has not adopted it yet; run `galen node adopt` with the founding document first, which `galen network found` " +
      "makes of all cards",
  ],
  OthersNamed: [
    88,
    409,
    "there is no network in this folder, but the settings name other nodes (`peers`, `p2pPeers`); correct --data, or make the node part of their network with " +
      "`galen node join` or `galen node adopt`",
  ],
});
