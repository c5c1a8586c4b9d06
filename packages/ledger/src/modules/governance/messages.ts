import { defineMessage } from "../../app/define-module.ts";
import { Parameters } from "../../app/parameters.ts";
import { UpgradePlan } from "../../app/upgrades.ts";
import { admitMember, cancelUpgrade, registerIssuer, removeIssuer, removeMember, scheduleUpgrade, setParameters } from "./handlers.ts";
import { IssuerReference, MemberReference, Nothing, RegisterIssuer } from "./schema.ts";

export const messages = [
  defineMessage({
    type: "governance.admitMember",
    summary: "Admit an organisation to the alliance, by decision of its members.",
    schema: MemberReference,
    handle: admitMember,
  }),
  defineMessage({
    type: "governance.removeMember",
    summary: "Remove an organisation from the alliance, by decision or as the one that leaves.",
    schema: MemberReference,
    handle: removeMember,
  }),
  defineMessage({
    type: "governance.setParameters",
    summary: "Set the parameters of the network, by decision.",
    schema: Parameters,
    handle: setParameters,
  }),
  defineMessage({
    type: "governance.registerIssuer",
    summary: "Register an account as issuer of credential types, by decision.",
    schema: RegisterIssuer,
    handle: registerIssuer,
  }),
  defineMessage({
    type: "governance.removeIssuer",
    summary: "Remove an issuer, whose credentials are then valid no longer, by decision.",
    schema: IssuerReference,
    handle: removeIssuer,
  }),
  defineMessage({
    type: "governance.scheduleUpgrade",
    summary: "Plan from which height another version of the ledger executes, by decision.",
    schema: UpgradePlan,
    handle: scheduleUpgrade,
  }),
  defineMessage({
    type: "governance.cancelUpgrade",
    summary: "Cancel the planned upgrade, by decision.",
    schema: Nothing,
    handle: cancelUpgrade,
  }),
];
