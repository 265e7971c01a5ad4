import type { Plugin } from 'rollup';

export declare function leanFields(): Plugin;
