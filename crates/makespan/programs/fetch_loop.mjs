// await in a loop: one unit after the other, by node:http with an Agent that keeps its connection (work.mjs says why not fetch).

import { serve } from "./worker.mjs";

serve(async (work, units) => {
  const tallies = [];
  for (let unit = 0; unit < units; unit++) tallies.push(await work.unit(unit));
  return tallies;
});
