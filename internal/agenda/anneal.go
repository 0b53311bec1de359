package agenda

import "math"

// Annealing of breaks: temperatures in breaks, and what an idle slot weighs
// beside a break, which leads gaps to close from their ends. Both fall
// geometrically; the figures were tuned on real fairs.
const (
	hot, cold           = 0.8, 0.1
	idleFirst, idleLast = 0.8, 0.1
	missingWeight       = 20
	excessWeight        = 1
	lackingWeight       = 10
	anyBreaks           = 999_999 // a goal that is reached as soon as no must is missing that can be planned
	mild                = 0.4     // where the plan in hand is to become earlier
	nowhereNear         = -1      // one that no plan reaches
)

// anneal moves meetings between slots by chains of exchanges until there are no
// breaks, or the work is done, and leaves the best plan found in place. Planned
// meetings stay planned; musts that are missing come in where they can. With a
// pull the earlier of plans with as many breaks is better.
func (w *search) anneal(work, goal int, stop func() bool) {
	movable := w.movable()
	if len(movable) == 0 {
		return
	}
	weight := idleFirst
	cost := func() float64 {
		return missingWeight*float64(w.missing) + float64(w.breaks) + excessWeight*float64(w.excess()) + weight*float64(w.idle) + w.pull*float64(w.late)
	}
	hopeless := w.hopeless()
	rank := func() float64 {
		return 1e6*float64(w.missing-hopeless) + 1e3*float64(w.excess()) + float64(w.breaks)
	}
	first := hot
	if w.pull > 0 {
		first = mild
		breaks := rank
		rank = func() float64 { return breaks() + float64(w.late)/float64(w.in.slots*len(w.slot)) }
	}
	best, kept := rank(), w.snapshot()
	start, now, heat := w.work, cost(), first
	for i := 0; best > float64(goal); i++ {
		if i%512 == 0 {
			done := float64(w.work-start) / float64(work)
			if done >= 1 || stop() {
				break
			}
			heat = first * math.Pow(cold/first, done)
			weight = idleFirst * math.Pow(idleLast/idleFirst, done)
			now = cost()
		}
		w.mark()
		if !w.jump(movable[w.dice.IntN(len(movable))]) {
			w.undo()
			continue
		}
		next := cost()
		if next > now && w.dice.Float64() >= math.Exp((now-next)/heat) {
			w.undo()
			continue
		}
		now = next
		if r := rank(); r < best {
			best = r
			copy(kept, w.slot)
		}
	}
	w.restore(kept)
}

// movable lists the meetings that have a choice, or are missing.
func (w *search) movable() []int {
	var list []int
	for m := range w.in.meet {
		t := &w.in.meet[m]
		if !t.out() && (t.must || w.slot[m] != nowhere) && (len(t.choices) > 1 || w.slot[m] == nowhere) {
			list = append(list, m)
		}
	}
	return list
}

// jump exchanges a meeting into a random slot. One that is not planned comes in,
// and pushes others into a second random slot.
func (w *search) jump(m int) bool {
	w.work++
	choices := w.in.meet[m].choices
	to := choices[w.dice.IntN(len(choices))]
	from := w.slot[m]
	if from == nowhere {
		if !w.open(m) {
			return false
		}
		from = choices[w.dice.IntN(len(choices))]
		if from == to {
			return w.direct(m, to)
		}
	}
	return from != to && w.exchange(m, from, to)
}
