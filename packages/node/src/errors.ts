import { defineErrors } from "@galen/ledger/app/refusal";

/** Why a node does not start, or its data folder cannot be copied, in the words of whoever runs it. */
export const errors = defineErrors("node", 96_000, {
  PortTaken: [1, 409, "another program listens at this address; stop it, or choose another port (`httpPort`, --port)"],
  PortForbidden: [2, 403, "this user may not listen on this port; choose one from 1024 up (`httpPort`, --port)"],
  NoNetwork: [
    3,
    404,
    "this folder holds no network; found one with `galen start`, or name the data folder of a node, or a backup that was finished",
  ],
  FolderNotEmpty: [4, 409, "this folder is not empty; name one that is, or that does not exist yet"],
  NoBackup: [5, 404, "this folder holds no finished backup; name the folder of one that ended without an error"],
  BackupDamaged: [
    6,
    422,
    "this backup is damaged, `reason` says where, and nothing of it was restored; use another one, or another copy of it",
  ],
  VotesUnknown: [
    7,
    409,
    "this node votes with others, and the backup knows nothing of its votes since; name the newest file of its last vote (--last-vote), or a height " +
      "that the network has certainly not passed with its vote, from which it may sign again (--sign-from)",
  ],
  VoteNotNeeded: [8, 422, "the only validator of a chain goes on right after its last block; give the file of its last vote, or nothing"],
  NotAnnounced: [9, 409, "the chain has not announced this document as its successor; run `galen handover announce` first"],
  LinkInFolder: [
    10,
    409,
    "this data folder holds a link, `path` names it, and what it leads to would be missing in the backup; mount it at its place instead, or move it back",
  ],
  IsBackup: [11, 409, "this folder is a backup; `galen restore` makes a data folder of it, in which a node can start"],
  NoFounding: [
    12,
    409,
    "this chain goes on from another one, whose state it took over and whose founding it no longer has; restore the backup from before the handover to " +
      "replay that one",
  ],
  RestoreUnfinished: [
    13,
    409,
    "a backup is restored into this folder, or was until that was broken off; let it end, or delete the folder and restore again",
  ],
  NoVote: [
    14,
    422,
    "this file tells no last vote, and with it the key could vote a second time; name the newest `cometbft/data/priv_validator_state.json` of the old disk, " +
      "or of a chain of one machine the newer `keys/last-signed-*.json`",
  ],
  BlocksMissing: [
    15,
    409,
    "this node began from a snapshot and has not got the blocks of the past yet, from `height` on, without which it can be neither backed up nor replayed; start it, with peers that " +
      "have them, until `healing.history` of /v1/status is complete, then stop it and run this again",
  ],
  NoHandoverProof: [
    16,
    422,
    "this is no proof that the chain has named this network as its successor, `reason` says why, and nothing was changed; give the file that " +
      "`galen handover announce` kept (--proof)",
  ],
  ReadModelUnusable: [
    17,
    500,
    "the read model cannot be opened and written, `reason` says why; mend that, or, the node being stopped, delete index.sqlite, index.sqlite-wal and index.sqlite-shm in " +
      "its folder: the next start builds it again from the blocks",
  ],
});
