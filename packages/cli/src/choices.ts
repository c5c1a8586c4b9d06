import { COMPARTMENTS, type Compartment } from "@galen/gateway";
import { Ground, Role, Scope } from "@galen/ledger/modules/accounts/schema";
import { CredentialType } from "@galen/ledger/modules/governance/index";
import { type Grant, PurposeOfUse } from "@galen/ledger/modules/vault/schema";
import { errors } from "./errors.ts";

export type Purpose = Grant["purposes"][number];

/** The values of a schema that lists them. */
function valuesOf<T extends string>(schema: object): readonly T[] {
  return (schema as { readonly enum: readonly T[] }).enum;
}

const purposes = valuesOf<Purpose>(PurposeOfUse);
const roles = valuesOf<Role>(Role);
export const scopes = valuesOf<Scope>(Scope);
export const grounds = valuesOf<string>(Ground);
const credentialTypes = valuesOf<CredentialType>(CredentialType);

/** Reads a choice; throws Refusal cli/BadValue, which lists them all. */
function chosen<T extends string>(option: string, choices: readonly T[], text: string): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw errors.BadValue({ option, value: text, reason: `one of ${choices.join(", ")}` });
  return found;
}

export function parsePurpose(text: string): Purpose {
  return chosen("--purpose", purposes, text);
}

export function parseRole(text: string): Role {
  return chosen("--to", roles, text);
}

export function parseCredentialType(text: string): CredentialType {
  return chosen("--credential", credentialTypes, text);
}

/** What a delegate may do. */
export function parseScope(text: string): Scope {
  return chosen("--scope", scopes, text);
}

/** Why somebody acts for another. */
export function parseGround(text: string): string {
  return chosen("--ground", grounds, text);
}

/** A compartment of the house's own list. Throws Refusal cli/BadValue. */
export function parseCompartment(text: string): Compartment {
  return chosen("--compartment", COMPARTMENTS, text);
}

/** What becomes of the keys in a backup. */
export function parseKeys(text: string): "sealed" | "open" | "none" {
  return chosen("--keys", ["sealed", "open", "none"] as const, text);
}

/** A whole number from 1. Throws Refusal cli/BadValue. */
export function parseCount(option: string, text: string): number {
  const value = /^[1-9]\d{0,11}$/.test(text) ? Number(text) : 0;
  if (value === 0) throw errors.BadValue({ option, value: text, reason: "a whole number from 1" });
  return value;
}
