// Promise.all: everything at once on one thread, by node:http with an Agent that keeps connections (work.mjs says why not fetch).
// No more than the limit are in flight: so many chains of promises share out the units.

import { serve } from "./worker.mjs";

serve(async (work, units) => {
  const tallies = new Array(units);
  let next = 0;
  const chain = async () => {
    while (next < units) {
      const unit = next++;
      tallies[unit] = await work.unit(unit);
    }
  };
  await Promise.all(Array.from({ length: Math.min(work.limit, units) }, chain));
  return tallies;
});
