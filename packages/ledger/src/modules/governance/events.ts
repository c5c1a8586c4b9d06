import { defineEvent } from "../../app/events.ts";
import { Parameters } from "../../app/parameters.ts";
import { UpgradePlan } from "../../app/upgrades.ts";
import { IssuerReference, MemberReference, RegisterIssuer } from "./schema.ts";

export const memberAdmitted = defineEvent("governance.memberAdmitted", MemberReference);
export const memberRemoved = defineEvent("governance.memberRemoved", MemberReference);
export const parametersSet = defineEvent("governance.parametersSet", Parameters);
export const issuerRegistered = defineEvent("governance.issuerRegistered", RegisterIssuer);
export const issuerRemoved = defineEvent("governance.issuerRemoved", IssuerReference);
export const upgradeScheduled = defineEvent("governance.upgradeScheduled", UpgradePlan);
export const upgradeCancelled = defineEvent("governance.upgradeCancelled", UpgradePlan);

export const events = [memberAdmitted, memberRemoved, parametersSet, issuerRegistered, issuerRemoved, upgradeScheduled, upgradeCancelled];
