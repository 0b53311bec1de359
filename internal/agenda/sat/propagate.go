package sat

// propagate draws all direct consequences of the trail. It returns the
// constraint that cannot hold any more, or the zero reason.
func (s *Solver) propagate() reason {
	for s.head < len(s.trail) {
		l := s.trail[s.head]
		s.head++
		s.work++
		conflict := s.count(l)
		if conflict == (reason{}) {
			conflict = s.visit(l)
		}
		if conflict != (reason{}) {
			return conflict
		}
	}
	return reason{}
}

// count tells the counters of l that it has become true. All of them are told,
// even after a conflict, so that backTo can untell them.
func (s *Solver) count(l Lit) (conflict reason) {
	for _, c := range s.counters[l] {
		c.held++
		if c.held > c.bound {
			conflict = reason{counter: c}
		}
	}
	if conflict != (reason{}) {
		return conflict
	}
	for _, c := range s.counters[l] {
		if c.held < c.bound {
			continue
		}
		s.work += len(c.lits) >> 3
		for _, k := range c.lits {
			if s.value[k] == 0 {
				s.assign(k.Not(), reason{counter: c})
			}
		}
	}
	return reason{}
}

// visit looks at the clauses in which l.Not() was watched.
func (s *Solver) visit(l Lit) (conflict reason) {
	list := s.watches[l]
	kept := list[:0]
	s.work += len(list) >> 2
	for i, w := range list {
		if s.value[w.other] > 0 {
			kept = append(kept, w)
			continue
		}
		c := w.clause
		if c.gone {
			continue
		}
		if c.lits[0] == l.Not() {
			c.lits[0], c.lits[1] = c.lits[1], c.lits[0]
		}
		first := c.lits[0]
		if first != w.other && s.value[first] > 0 {
			kept = append(kept, watch{c, first})
			continue
		}
		if s.rewatch(c) {
			continue
		}
		kept = append(kept, watch{c, first})
		if s.value[first] < 0 {
			kept = append(kept, list[i+1:]...)
			conflict = reason{clause: c}
			break
		}
		s.assign(first, reason{clause: c})
	}
	s.watches[l] = kept
	return conflict
}

// rewatch finds another literal to watch in place of the second.
func (s *Solver) rewatch(c *clause) bool {
	for k := 2; k < len(c.lits); k++ {
		if s.value[c.lits[k]] >= 0 {
			c.lits[1], c.lits[k] = c.lits[k], c.lits[1]
			w := c.lits[1].Not()
			s.watches[w] = append(s.watches[w], watch{c, c.lits[0]})
			return true
		}
	}
	return false
}

// because calls yield with literals that are true and together force the
// literal l by the reason, or contradict it where l is −1.
func (s *Solver) because(why reason, l Lit, yield func(Lit)) {
	if why.clause != nil {
		for _, k := range why.clause.lits {
			if k != l {
				yield(k.Not())
			}
		}
		return
	}
	before := int32(len(s.trail))
	left := why.counter.bound + 1
	if l >= 0 {
		before, left = s.position[l.Var()], why.counter.bound
	}
	for _, k := range why.counter.lits {
		if left > 0 && s.value[k] > 0 && s.position[k.Var()] < before {
			yield(k)
			left--
		}
	}
}
