import { isIPv6 } from "node:net";

const GROUPS = 8;
/** Of an address, those that name its network: a provider gives each customer a /64 at least (RFC 6177), in which it takes any address that it likes. */
const NETWORK_GROUPS = 4;

/** What limits count a client by: an IPv4 address, also where IPv6 carries it, or the /64 of an IPv6 address. What is neither stays as it is. */
export function clientNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  const isMapped = groups.slice(0, 6).join(":") === "0:0:0:0:0:ffff"; // RFC 4291 §2.5.5.2
  if (!isMapped) return `${groups.slice(0, NETWORK_GROUPS).join(":")}::/64`;
  return groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((number) => [number >> 8, number & 0xff])
    .join(".");
}

/** The eight groups, in the one spelling that a URL's host has (WHATWG URL §3.5), without the zone, which that does not know. */
function groupsOf(address: string): string[] {
  const host = new URL(`http://[${address.split("%", 1)[0]}]`).hostname.slice(1, -1);
  const [before, after = []] = host.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array<string>(GROUPS - before!.length - after.length).fill("0");
  return [...before!, ...zeros, ...after];
}
