package agenda

import (
	"fmt"

	"jinghe/internal/scene"
)

// checker holds a plan against the rules of a problem. It shares no sums with the
// search, so that it can find its mistakes.
type checker struct {
	in       *instance
	slot     map[string]int
	meeting  map[string]int
	at       map[int]int // planned meeting → slot
	findings []scene.FieldError
}

// Check reports every rule of a valid problem that the plan breaks: unknown ids,
// a party, table, hall or resource used beyond its limit, absences, blocks,
// fixed and locked meetings, precedence, musts, nevers, minimums where they
// count, maximums and the spread of breaks. Nil means none.
func Check(p *Problem, plan *Plan) []scene.FieldError {
	in := compile(p)
	c := &checker{in: in, slot: map[string]int{}, meeting: map[string]int{}, at: map[int]int{}}
	for i := range p.Slots {
		c.slot[p.Slots[i].ID] = i
	}
	for m := range in.meet {
		c.meeting[in.meet[m].id] = m
	}
	c.seats(plan)
	c.people()
	c.order()
	return c.findings
}

func (c *checker) add(field, key string, args ...any) {
	named := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		named[args[i].(string)] = args[i+1]
	}
	c.findings = append(c.findings, scene.FieldError{Field: field, Key: "agenda.broken_" + key, Args: named})
}

// seats checks each planned meeting for itself, and tables, halls and resources.
func (c *checker) seats(plan *Plan) {
	st := &c.in.seating
	taken := map[[2]int]string{}
	hall, supply := map[[2]int]int{}, map[[2]int]int{}
	for i := range plan.Meetings {
		seat := &plan.Meetings[i]
		at := fmt.Sprintf("meetings[%d]", i)
		m, known := c.meeting[seat.ID]
		s, open := c.slot[seat.Slot]
		t, stands := st.index[seat.Table]
		if !known || !open || !stands {
			c.add(at, "unknown", "id", seat.ID, "slot", seat.Slot, "table", seat.Table)
			continue
		}
		if _, twice := c.at[m]; twice {
			c.add(at, "twice", "id", seat.ID)
			continue
		}
		c.at[m] = s
		if other, used := taken[[2]int{s, t}]; used {
			c.add(at, "table_twice", "id", seat.ID, "other", other, "table", seat.Table, "slot", seat.Slot)
		}
		taken[[2]int{s, t}] = seat.ID
		hall[[2]int{st.hall[t], s}]++
		if hall[[2]int{st.hall[t], s}] > st.most[st.hall[t]][s] || !st.open[t].has(s) {
			c.add(at, "table_closed", "id", seat.ID, "table", seat.Table, "slot", seat.Slot)
		}
		if l := c.in.meet[m].source.Locked; l != nil && l.Table != seat.Table {
			c.add(at, "locked", "id", seat.ID, "table", l.Table)
		}
		if len(c.in.meet[m].never) > 0 {
			c.add(at, "never", "id", seat.ID, "party", c.in.meet[m].never[0])
		}
		if !c.in.meet[m].allowed.has(s) {
			c.add(at, "slot", "id", seat.ID, "slot", seat.Slot)
		}
		for _, k := range c.in.meet[m].supply {
			supply[[2]int{k, s}]++
			if supply[[2]int{k, s}] > c.in.supply[k][s] {
				c.add(at, "resource", "id", seat.ID, "resource", c.in.problem.Resources[k].ID, "slot", seat.Slot)
			}
		}
	}
}

// people checks the parties: one place at a time, minimum, maximum, spread.
func (c *checker) people() {
	attended := make([][]int, len(c.in.party))
	for m := range c.in.meet {
		for _, x := range c.in.meet[m].parties {
			attended[x] = append(attended[x], m)
		}
	}
	least, most := -1, 0
	for x := range c.in.party {
		p := &c.in.party[x]
		day, held, n := c.in.newMask(), map[int]int{}, 0
		for _, m := range attended[x] {
			if s, planned := c.at[m]; planned {
				n++
				held[s]++
				day.set(s)
			}
		}
		for s := range c.in.slots {
			if held[s] > p.capacity[s] {
				c.add("parties", "party_twice", "party", p.id, "slot", c.in.problem.Slots[s].ID)
			}
		}
		if n < c.in.minimum(x) {
			c.add("parties", "min", "party", p.id, "count", n, "min", p.min)
		}
		if p.limit >= 0 && n > p.limit {
			c.add("parties", "max", "party", p.id, "count", n, "max", p.limit)
		}
		gaps := day.breaks()
		most = max(most, gaps)
		if least < 0 || gaps < least {
			least = gaps
		}
	}
	if c.in.spread >= 0 && most-least > c.in.spread {
		c.add("max_break_spread", "spread", "spread", most-least, "most", c.in.spread)
	}
}

// order checks musts and precedence.
func (c *checker) order() {
	for m := range c.in.meet {
		t := &c.in.meet[m]
		s, planned := c.at[m]
		if !planned && t.must {
			c.add("meetings", "must", "id", t.id)
		}
		for _, k := range t.after {
			if earlier, there := c.at[k]; planned && (!there || earlier >= s) {
				c.add("meetings", "after", "id", t.id, "other", c.in.meet[k].id)
			}
		}
	}
}
