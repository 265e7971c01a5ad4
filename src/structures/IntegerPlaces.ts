import { doubled } from './doubled.js';
import { IntegerMap } from './IntegerMap.js';

/** How many integers next to each other share a block: 2 to this power. */
const blockBits = 3;
const blockMask = 2 ** blockBits - 1;

/**
 * A place above 0 for each of some integers of 32 bits. Integers next to each other share a block: of a feed in order only
 * one in eight is somewhere else.
 */
export class IntegerPlaces {
  /** Which block eight integers share; 0 if none of them is in. */
  readonly #blocks = new IntegerMap();
  /** The places in all blocks; block 0 stays empty. The first one in a block that is free says which one is free next. */
  #places = new Int32Array(2 << blockBits);
  #free = 0;
  /** How many blocks there are, free ones and block 0 among them. */
  #made = 1;

  /** The place of `key`, 0 if it is not in. */
  get(key: number): number {
    const blocks = this.#blocks;
    const block = blocks.valueAt(blocks.find(key >> blockBits));
    return this.#places[(block << blockBits) | (key & blockMask)] as number;
  }

  /** Adds `key`, which must not be in. */
  add(key: number, place: number): void {
    const blocks = this.#blocks;
    const at = blocks.find(key >> blockBits);
    let block = blocks.valueAt(at);
    if (block === 0) {
      block = this.#takeBlock();
      blocks.put(at, key >> blockBits, block);
    }
    this.#places[(block << blockBits) | (key & blockMask)] = place;
  }

  /** Takes `key` out; it has to be in. */
  delete(key: number): void {
    const blocks = this.#blocks;
    const at = blocks.find(key >> blockBits);
    const first = blocks.valueAt(at) << blockBits;
    const places = this.#places;
    places[first | (key & blockMask)] = 0;
    // Downwards: what is left of numbers that leave in order is found at once.
    for (let index = first | blockMask; index >= first; index -= 1) {
      if (places[index] !== 0) return;
    }
    blocks.delete(at);
    places[first] = this.#free;
    this.#free = first >> blockBits;
  }

  /** An empty block. */
  #takeBlock(): number {
    const block = this.#free;
    if (block === 0) {
      if (this.#made << blockBits === this.#places.length) this.#places = doubled(this.#places);
      return this.#made++;
    }
    const places = this.#places;
    this.#free = places[block << blockBits] as number;
    places[block << blockBits] = 0;
    return block;
  }
}
