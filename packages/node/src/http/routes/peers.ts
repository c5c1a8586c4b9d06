import { bytesToHex } from "@galen/ledger/crypto/hex";
import type { Backend } from "../../backend.ts";
import { PeersAnswer } from "../answers.ts";
import { defineRoute } from "../route.ts";

const peers = defineRoute({
  method: "GET",
  path: "/v1/peers",
  summary: "Which node this is, and which others it knows: where clients find the custodians.",
  answers: { 200: PeersAnswer },
  handle: (backend) => ({ body: reportOf(backend) }),
});

function reportOf({ ledger, engine, validator, custodian, peers: known, publicUrl }: Backend) {
  const { height } = engine.status();
  return {
    chainId: ledger.chainId,
    key: bytesToHex(validator.publicKey),
    height,
    publicUrl: publicUrl ?? null,
    custodian: custodian
      ? { account: custodian.account, index: custodian.holding?.index ?? null, epoch: custodian.holding?.epoch ?? null }
      : null,
    peers: known.list().map(({ publicUrl: url, report, isReachable }) => ({
      url,
      key: report?.key ?? null,
      isReachable,
      height: report?.height ?? null,
      // How many blocks it is behind this node; below 0 when this one is behind.
      lag: report ? height - report.height : null,
      custodian: report?.custodian ?? null,
    })),
  };
}

export const peerRoutes = [peers];
