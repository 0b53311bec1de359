package convene

import "time"

// Short is how many meetings of the version in force, in slots that have not begun, need
// an interpreter and will have none: there are fewer than when it was planned.
func (b *Board) Short(at time.Time) (n int) {
	for i := range b.Rounds {
		if !b.Rounds[i].Start.After(at) {
			continue
		}
		needed := 0
		for k := range b.Rounds[i].Meetings {
			if b.Rounds[i].Meetings[k].Interpreted {
				needed++
			}
		}
		n += max(0, needed-b.Fair.Interpreters)
	}
	return n
}
