import { describeProvider } from "@galen/ledger/crypto/testing/describe-provider";
import { nativeCrypto } from "./native.ts";

describeProvider("native", nativeCrypto);
