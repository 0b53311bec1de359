// Package agenda is the meeting scheduler: who meets whom, when and at which
// table, with a proof of how much better a plan could be at most.
//
// It stands on the first floor: pure functions on plain data. It reads no file
// and no clock; a deadline comes with the context, and the work budget called
// effort is counted, not timed, so the same problem, seed and effort give the
// same plan on every machine. What it may import is scene.
//
// # The way of a problem
//
//  1. [DecodeProblem] and [Problem.Validate] refuse what is not a problem and
//     say where. compile turns ids into indexes and wishes into meetings.
//  2. Prices. The limits that meetings compete for (maximums and time of
//     parties, tables, resources) get prices: a Lagrangian relaxation. Any
//     prices prove an upper bound on the value; good ones also tell which
//     meetings are worth their price, and the plan is built in that order.
//  3. Search. A meeting left out is tried with everything that could make room
//     for it; breaks are annealed away with Kempe chains: meetings of two slots
//     change places so that no party is ever in two of them.
//     Where all are of two parties a chain is judged by its ends before it is
//     made; what is left then is dug out or hunted: a formula rearranges the plan
//     where most meetings are held fast, or where few parties may have a break.
//  4. Proof. Where all meetings are given, a formula asks for a plan with no
//     more breaks than proven so far; the answer is a plan or a better bound. Where
//     few parties can have them it is conquered: asked of each set of parties alone.
//     Guesses that fail on their own are learnt first where that is not quick.
//  5. Early slots. The times are annealed once more with a pull towards the morning,
//     then meetings are brought forward one by one and row by row. A plan that is
//     worse by anything that counts more is not taken.
//  6. Report. Tables, a reason for every meeting left out, and for musts or
//     minimums that cannot be kept a smallest set of conditions that contradict
//     each other.
//
// [Repair] keeps a published plan and changes least. [Greedy] is the first-fit
// plan to compare with. [Check] holds any plan against the rules.
package agenda
