import { type CometSettings, rpcUrls, type StateSyncSettings, TRUST_PERIOD_HOURS } from "../settings.ts";
import type { CometHome } from "./home.ts";

type Value = string | number | boolean | readonly string[];
type Section = Readonly<Record<string, Value>>;

/** Waiting for late votes no longer than this, when all have not come. */
const TIMEOUT_COMMIT_MS = 200;
/** CometBFT's default. */
const MAX_STRANGERS = 40;
const KILOBYTE = 1_024;
const MEGABYTE = 1_048_576;

/**
 * CometBFT's config.toml. Only what differs from its defaults, or what an operator may want to override by an environment variable (CMT_…), which
 * works for keys that stand here. The reasons are in docs/operations/run-with-cometbft.md.
 */
export function configToml(home: CometHome, settings: CometSettings): string {
  const sections: Readonly<Record<string, Section>> = {
    "": {
      proxy_app: `unix://${home.abciSocket}`,
      moniker: "galen",
      abci: "socket",
      db_backend: "goleveldb",
      log_level: "error",
      filter_peers: false,
    },
    rpc: {
      laddr: [`unix://${home.rpcSocket}`, ...(settings.rpcPort > 0 ? [`tcp://127.0.0.1:${settings.rpcPort}`] : [])].join(","),
      grpc_laddr: "",
      unsafe: false,
    },
    p2p: p2p(settings),
    mempool: mempool(settings),
    statesync: stateSync(settings.stateSync),
    blocksync: { version: "v0", adaptive_sync: false }, // adaptive sync can make a validator vote twice
    consensus: consensus(settings),
    storage: { discard_abci_responses: true },
    tx_index: { indexer: "null" },
    instrumentation: { prometheus: false },
  };
  return Object.entries(sections)
    .map(([name, section]) => `${name === "" ? "" : `[${name}]\n`}${entries(section)}`)
    .join("\n");
}

function p2p({ p2pHost, p2pPort, externalAddress, peers }: CometSettings): Section {
  return {
    laddr: `tcp://${p2pHost}:${p2pPort}`,
    external_address: externalAddress,
    persistent_peers: peers,
    max_num_inbound_peers: MAX_STRANGERS,
    unconditional_peer_ids: peerIds(peers), // who fills the places of strangers, from one address, must not keep out the network
    pex: true, // without it, peers that were away for minutes are not dialled again
    persistent_peers_max_dial_period: "5s",
    addr_book_strict: false, // organisations may reach each other over private addresses
    allow_duplicate_ip: true,
    flush_throttle_timeout: "10ms",
    max_packet_msg_payload_size: 10 * KILOBYTE,
    send_rate: 20 * MEGABYTE,
    recv_rate: 20 * MEGABYTE,
  };
}

/** Of `id@host:port`, separated by commas. */
function peerIds(peers: string): string {
  return peers
    .split(",")
    .map((peer) => peer.split("@")[0]!.trim())
    .join(",");
}

function mempool({ maxPoolTxs, maxPoolBytes }: CometSettings): Section {
  // No rechecks: what has become void by a block is refused in the next.
  return { type: "flood", recheck: false, size: maxPoolTxs, cache_size: 2 * maxPoolTxs, max_txs_bytes: maxPoolBytes };
}

function consensus({ blockIntervalMs, emptyBlockIntervalMs }: CometSettings): Section {
  return {
    timeout_propose: "3s",
    timeout_prevote: "1s",
    timeout_precommit: "1s",
    timeout_commit: `${Math.max(blockIntervalMs, TIMEOUT_COMMIT_MS)}ms`,
    skip_timeout_commit: blockIntervalMs === 0,
    create_empty_blocks: true,
    create_empty_blocks_interval: `${emptyBlockIntervalMs}ms`,
    peer_gossip_sleep_duration: "10ms",
    double_sign_check_height: 0,
  };
}

function stateSync(settings: StateSyncSettings | undefined): Section {
  if (!settings) return { enable: false };
  const { trustHeight, trustHash } = settings;
  return {
    enable: true,
    rpc_servers: rpcServers(settings),
    trust_height: trustHeight,
    trust_hash: trustHash,
    trust_period: `${TRUST_PERIOD_HOURS}h0m0s`,
    discovery_time: "5s",
    chunk_fetchers: 4,
  };
}

/** Nodes serve what a light client asks for under /rpc. CometBFT wants two, a primary and a witness; with one, it is both. */
function rpcServers(settings: StateSyncSettings): string {
  const urls = rpcUrls(settings);
  return [...urls, ...(urls.length === 1 ? urls : [])].join(",");
}

function entries(section: Section): string {
  return Object.entries(section)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`) // of these values JSON and TOML write the same
    .join("");
}
