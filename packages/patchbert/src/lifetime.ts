import { PatchBertError } from '@patchbert/errors';

/** Work on something that ends: it waits for what is under way and lets nothing new begin. */
export class Lifetime {
  readonly #noun: string;
  readonly #release: () => Promise<void>;
  readonly #running = new Set<Promise<unknown>>();
  #disposal: Promise<void> | undefined;

  /**
   * @param noun what ends, for messages.
   * @param release frees what it holds; called once.
   */
  constructor(noun: string, release: () => Promise<void>) {
    this.#noun = noun;
    this.#release = release;
  }

  /**
   * Does `work`, named `what` in messages.
   *
   * @throws PatchBertError `patchbert/disposed`.
   */
  async run<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#disposal) {
      throw new PatchBertError(
        'patchbert/disposed',
        `${what}: the ${this.#noun} was disposed of; load it again from the folder it was saved to.`,
      );
    }
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Waits for what is under way, then releases; may be called more than once. */
  async dispose(): Promise<void> {
    this.#disposal ??= Promise.allSettled(this.#running).then(() => this.#release());
    return this.#disposal;
  }
}
