/** The part of sodium-native (libsodium) that is used here; the package ships no types. What has a result writes it into its first argument, and throws for what it refuses. */
declare module "sodium-native" {
  const sodium: {
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
    crypto_core_ed25519_add(sum: Buffer, a: Uint8Array, b: Uint8Array): void;
    crypto_core_ed25519_scalar_add(sum: Buffer, a: Uint8Array, b: Uint8Array): void;
    /** Modulo the order of the group, of 64 bytes. */
    crypto_core_ed25519_scalar_reduce(reduced: Buffer, scalar: Buffer): void;
    crypto_scalarmult_ed25519_noclamp(product: Buffer, scalar: Uint8Array, point: Uint8Array): void;
    crypto_scalarmult_ed25519_base_noclamp(product: Buffer, scalar: Uint8Array): void;
  };
  export default sodium;
}
