import { ClassicLevel } from "classic-level";
import { openingError } from "./level-store.ts";

/**
 * Takes the lock that a folder of its own stands for, and resolves to the way to let go of it; to undefined while anybody has it, in this process or another.
 * The operating system takes it from a process that ends, however it ends. It is the lock of an empty LevelDB store, as Node has none. Throws StoreError
 * when the folder cannot be written.
 */
export async function takeLock(folder: string): Promise<(() => Promise<void>) | undefined> {
  const store = new ClassicLevel(folder);
  try {
    await store.open();
  } catch (error) {
    const failure = openingError(folder, error);
    if (failure.code === "StoreLocked") return undefined;
    throw failure;
  }
  return () => store.close();
}
