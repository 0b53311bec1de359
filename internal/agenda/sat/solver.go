package sat

// Lit is a variable or its negation. Variables count from 0.
type Lit int32

// Pos is the literal that holds where variable v is true.
func Pos(v int) Lit { return Lit(v << 1) }

// Not negates.
func (l Lit) Not() Lit { return l ^ 1 }

// Var is the variable of the literal.
func (l Lit) Var() int { return int(l >> 1) }

// Answer is what a call of Solve found.
type Answer int

// The answers.
const (
	Unknown       Answer = iota // the budget was spent before
	Satisfiable                 // Value gives a model
	Unsatisfiable               // Core gives the assumptions to blame
)

// clause is a disjunction. The first two literals are watched.
type clause struct {
	lits   []Lit
	level  int // number of decision levels when learnt (LBD); small is good
	learnt bool
	gone   bool
}

// counter is a constraint: at most bound of lits are true.
type counter struct {
	lits  []Lit
	bound int
	held  int // of lits that are true now
}

// watch is a clause waiting for a literal to become false, with another of its
// literals: where that is true, the clause need not be looked at.
type watch struct {
	clause *clause
	other  Lit
}

// reason is why a literal holds: a clause, a counter or neither.
type reason struct {
	clause  *clause
	counter *counter
}

// Solver holds constraints and what was learnt from them. The zero value is
// empty and ready to use.
type Solver struct {
	value    []int8 // per literal: 1 true, −1 false, 0 open
	level    []int32
	position []int32 // per variable: place on the trail
	why      []reason
	phase    []bool // last polarity of a variable: true is positive
	watches  [][]watch
	counters [][]*counter // per literal

	trail  []Lit
	limits []int // trail length at each decision
	head   int

	clauses []*clause
	learnt  []*clause
	order   heap
	bump    float64
	seen    []bool
	stack   []Lit // scratch of analysis
	clear   []int // variables to unmark after analysis
	marks   []int // per level: stamp, for counting levels
	stamp   int

	broken    bool // contradiction without assumptions
	core      []Lit
	model     []bool
	reduceAt  int
	pace      pace
	conflicts int
	work      int
}

// NewVar adds a variable and returns its number.
func (s *Solver) NewVar() int {
	v := len(s.level)
	s.value = append(s.value, 0, 0)
	s.level = append(s.level, 0)
	s.position = append(s.position, 0)
	s.why = append(s.why, reason{})
	s.phase = append(s.phase, false)
	s.watches = append(s.watches, nil, nil)
	s.counters = append(s.counters, nil, nil)
	s.seen = append(s.seen, false)
	s.marks = append(s.marks, 0)
	s.order.add(v)
	return v
}

// NewLit adds a variable and returns its positive literal.
func (s *Solver) NewLit() Lit { return Pos(s.NewVar()) }

// Prefer sets the polarity that the solver tries first.
func (s *Solver) Prefer(l Lit) {
	s.phase[l.Var()] = l&1 == 0
	s.pace.first = nil
}

// Work counts propagated literals and visited constraints: effort that is the same
// on every machine.
func (s *Solver) Work() int { return s.work }

// Value tells whether the literal is true in the last model.
func (s *Solver) Value(l Lit) bool { return s.model[l.Var()] == (l&1 == 0) }

// Core returns the assumptions that contradict the constraints, after an
// answer of Unsatisfiable: not all of them need be needed.
func (s *Solver) Core() []Lit { return s.core }

// Add adds a clause: at least one of the literals is true.
func (s *Solver) Add(lits ...Lit) {
	s.backTo(0)
	kept := make([]Lit, 0, len(lits))
	for _, l := range lits {
		switch {
		case s.value[l] > 0, contains(kept, l.Not()):
			return
		case s.value[l] < 0, contains(kept, l):
			continue
		}
		kept = append(kept, l)
	}
	switch len(kept) {
	case 0:
		s.broken = true
	case 1:
		s.assign(kept[0], reason{})
		s.settle()
	default:
		c := &clause{lits: kept}
		s.clauses = append(s.clauses, c)
		s.attach(c)
	}
}

func contains(lits []Lit, l Lit) bool {
	for _, k := range lits {
		if k == l {
			return true
		}
	}
	return false
}

// AtMost adds a counter: at most bound of the literals, which are all
// different, are true.
func (s *Solver) AtMost(bound int, lits ...Lit) {
	s.backTo(0)
	if bound >= len(lits) {
		return
	}
	if bound < 0 {
		s.broken = true
		return
	}
	if bound == 0 {
		for _, l := range lits {
			s.Add(l.Not())
		}
		return
	}
	c := &counter{lits: append([]Lit(nil), lits...), bound: bound}
	for _, l := range c.lits {
		if s.value[l] > 0 && int(s.position[l.Var()]) < s.head {
			c.held++
		}
		s.counters[l] = append(s.counters[l], c)
	}
	if c.held > bound {
		s.broken = true
		return
	}
	if c.held == bound {
		for _, l := range c.lits {
			if s.value[l] == 0 {
				s.assign(l.Not(), reason{})
			}
		}
	}
	s.settle()
}

// settle propagates without decisions.
func (s *Solver) settle() {
	if s.broken {
		return
	}
	if conflict := s.propagate(); conflict != (reason{}) {
		s.broken = true
	}
}

func (s *Solver) attach(c *clause) {
	s.watches[c.lits[0].Not()] = append(s.watches[c.lits[0].Not()], watch{c, c.lits[1]})
	s.watches[c.lits[1].Not()] = append(s.watches[c.lits[1].Not()], watch{c, c.lits[0]})
}

func (s *Solver) assign(l Lit, why reason) {
	s.value[l], s.value[l.Not()] = 1, -1
	v := l.Var()
	s.level[v] = int32(len(s.limits))
	s.position[v] = int32(len(s.trail))
	s.why[v] = why
	s.trail = append(s.trail, l)
}

// backTo takes back all decisions above the level.
func (s *Solver) backTo(level int) {
	if len(s.limits) <= level {
		return
	}
	keep := s.limits[level]
	for i := len(s.trail) - 1; i >= keep; i-- {
		l := s.trail[i]
		if i < s.head {
			for _, c := range s.counters[l] {
				c.held--
			}
		}
		s.value[l], s.value[l.Not()] = 0, 0
		s.phase[l.Var()] = l&1 == 0
		s.order.add(l.Var())
	}
	s.trail = s.trail[:keep]
	s.limits = s.limits[:level]
	s.head = keep
}
