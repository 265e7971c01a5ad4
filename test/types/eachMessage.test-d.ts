import { type Observable, of } from 'rxjs';
import { eachMessage, type EachMessageOptions, type Shard } from 'rxjs-reliable';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';

expectType<(shard: Shard<number>) => Observable<string>>(eachMessage((n: number) => of(String(n))));
expectType<(shard: Shard<number>) => Observable<string>>(
  eachMessage((n: number) => Promise.resolve(String(n)), { concurrency: 3 }),
);
expectType<(shard: Shard<number>) => Observable<number>>(eachMessage((n: number) => [n, n]));

expectAssignable<EachMessageOptions>({ concurrency: undefined });
expectNotAssignable<EachMessageOptions>({ concurrency: '1' });
expectError(eachMessage());
expectError(eachMessage((n: number) => n));
declare const options: EachMessageOptions;
expectError((options.concurrency = 2));
