import styles from "./word-list.module.css";

/** Seed words, each with its number, as they are written on paper. */
export function WordList({ words }: { readonly words: string }) {
  return (
    <ol className={styles.words} translate="no" lang="en">
      {words.split(" ").map((word, index) => (
        <li key={index}>{word}</li>
      ))}
    </ol>
  );
}
