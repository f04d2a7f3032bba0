import type { ChangeNumbers } from './change-numbers.ts';
import { ProfileIndex } from './profile-index.ts';

/** Larger indexes are begun anew: what is kept must stay small beside a batch. */
const maxProfiles = 20_000;

/**
 * What one batch of a file has read of an account's people, kept for the next one. Whatever changes a person takes a change
 * number, so what was read holds as long as the account's last number is the one that our own last batch has left.
 */
export class KnownPeople {
  #index = new ProfileIndex();
  /** The account's last number when the index was true; -1 while a batch is under way, and after one that failed. */
  #last = -1;
  #numbers: ChangeNumbers | null = null;

  /** For a batch that begins, under the account's lock. Nothing is known until `keep` says that the batch has committed. */
  take(numbers: ChangeNumbers): ProfileIndex {
    if (numbers.last !== this.#last || this.#index.size > maxProfiles) this.#index = new ProfileIndex();
    this.#last = -1;
    this.#numbers = numbers;
    return this.#index;
  }

  keep(): void {
    this.#last = this.#numbers?.last ?? -1;
  }
}
