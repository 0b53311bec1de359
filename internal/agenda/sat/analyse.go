package sat

// analyse turns a conflict into a clause that would have prevented it: its first
// literal becomes true after going back to the returned level (first unique
// implication point).
func (s *Solver) analyse(conflict reason) (lits []Lit, level int) {
	lits = append(lits, 0) // for the asserting literal
	open := 0
	now := int32(len(s.limits))
	take := func(l Lit) {
		v := l.Var()
		if s.seen[v] || s.level[v] == 0 {
			return
		}
		s.seen[v] = true
		s.clear = append(s.clear, v)
		s.order.raise(v, s.bump)
		if s.level[v] == now {
			open++
		} else {
			lits = append(lits, l.Not())
		}
	}
	s.because(conflict, -1, take)
	for i := len(s.trail) - 1; ; i-- {
		l := s.trail[i]
		if !s.seen[l.Var()] {
			continue
		}
		open--
		if open == 0 {
			lits[0] = l.Not()
			break
		}
		s.because(s.why[l.Var()], l, take)
	}
	lits = s.shorten(lits)
	for _, v := range s.clear {
		s.seen[v] = false
	}
	s.clear = s.clear[:0]
	for k := 1; k < len(lits); k++ {
		if at := int(s.level[lits[k].Var()]); at > level {
			level = at
			lits[1], lits[k] = lits[k], lits[1]
		}
	}
	return lits, level
}

// shorten drops literals that the others imply.
func (s *Solver) shorten(lits []Lit) []Lit {
	kept := lits[:1]
	for _, l := range lits[1:] {
		if s.why[l.Var()] == (reason{}) || !s.implied(l.Not()) {
			kept = append(kept, l)
		}
	}
	return kept
}

// implied tells whether l follows from literals seen already.
func (s *Solver) implied(l Lit) bool {
	s.stack = append(s.stack[:0], l)
	marked := len(s.clear)
	for len(s.stack) > 0 {
		next := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		ok := true
		s.because(s.why[next.Var()], next, func(k Lit) {
			v := k.Var()
			if !ok || s.seen[v] || s.level[v] == 0 {
				return
			}
			if s.why[v] == (reason{}) {
				ok = false
				return
			}
			s.seen[v] = true
			s.clear = append(s.clear, v)
			s.stack = append(s.stack, k)
		})
		if !ok {
			for _, v := range s.clear[marked:] {
				s.seen[v] = false
			}
			s.clear = s.clear[:marked]
			return false
		}
	}
	return true
}

// blame finds the assumptions from which the falsehood of l follows.
func (s *Solver) blame(l Lit) []Lit {
	core := []Lit{l}
	if s.level[l.Var()] == 0 {
		return core
	}
	s.seen[l.Var()] = true
	for i := len(s.trail) - 1; i >= s.limits[0]; i-- {
		k := s.trail[i]
		v := k.Var()
		if !s.seen[v] {
			continue
		}
		s.seen[v] = false
		if s.why[v] == (reason{}) {
			core = append(core, k)
			continue
		}
		s.because(s.why[v], k, func(q Lit) {
			if s.level[q.Var()] > 0 {
				s.seen[q.Var()] = true
			}
		})
	}
	return core
}

// levels counts the decision levels among the literals (LBD, Audemard and Simon 2009).
func (s *Solver) levels(lits []Lit) int {
	s.stamp++
	n := 0
	for _, l := range lits {
		if at := s.level[l.Var()]; s.marks[at] != s.stamp {
			s.marks[at] = s.stamp
			n++
		}
	}
	return n
}
