import { portableCrypto } from "./portable.ts";
import { describeProvider } from "./testing/describe-provider.ts";

describeProvider("portable", portableCrypto);
