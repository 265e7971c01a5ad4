import type { Plugin } from 'rollup';

export declare function plainPrivateNames(): Plugin;
