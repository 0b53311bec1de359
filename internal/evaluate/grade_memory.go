package evaluate

const (
	likeTopic    = 0.35 // likeness from which another topic's grades count
	memoryShrink = 1.0  // weight of knowing nothing
)

// compare works out how like topics are to topics and documents to documents.
func (g *grading) compare() {
	g.likeness = make([][]float64, len(g.topics))
	for i := range g.topics {
		g.likeness[i] = make([]float64, len(g.topics))
		for j := range g.topics {
			g.likeness[i][j] = dot(g.topics[i], g.topics[j])
		}
	}
	g.alike = make([][]float32, len(g.places))
	for i := range g.places {
		g.alike[i] = make([]float32, len(g.places))
		for j := range i {
			c := float32(max(dot(g.places[i], g.places[j]), 0))
			g.alike[i][j], g.alike[j][i] = c, c
		}
		g.alike[i][i] = 1
	}
}

// alikeness is how like the documents of two pairs are, in [0,1].
func (g *grading) alikeness(i, j int) float64 {
	return float64(g.alike[g.pairs[i].document][g.pairs[j].document])
}

// memory sums up what was graded of the same topic: the same titles, the whole
// list, and like documents. Each is a mean shrunk towards 1 by how little it
// rests on, with that weight beside it.
func (g *grading) memory(i int, seen func(int) bool) []float64 {
	p := &g.pairs[i]
	var same, own, good, like, wide average
	near := nearest{}
	for _, j := range g.topicOf[p.group] {
		if !seen(j) {
			continue
		}
		q := &g.pairs[j]
		if q.key == p.key {
			same.add(q.grade, 1)
		}
		own.add(q.grade, 1)
		if q.grade >= 2 {
			good.add(3, 1)
		} else {
			good.add(0, 1)
		}
		c := g.alikeness(i, j)
		like.add(q.grade, closeness(c))
		wide.add(q.grade, c*c)
		near.add(q.grade, c)
	}
	return append([]float64{
		same.known(), same.weight, own.mean(), own.weight, good.mean(), like.mean(), like.weight, wide.mean(), wide.weight,
	}, near.row()...)
}

// elsewhere sums up what was graded under other topics: of like documents under
// like topics, of like and very like documents under any topic, of the same
// title, and of like topics whatever the document.
func (g *grading) elsewhere(i int, seen func(int) bool) []float64 {
	p := &g.pairs[i]
	var far, kin, like, twin, titled, topic average
	likeness, alike := g.likeness[p.topic], g.alike[p.document]
	for j := range g.pairs {
		q := &g.pairs[j]
		if q.group == p.group || !seen(j) {
			continue
		}
		l, c := max(likeness[q.topic], 0), float64(alike[q.document])
		steep := closeness(c)
		if l >= likeTopic {
			far.add(q.grade, l*steep)
		}
		like.add(q.grade, steep)
		twin.add(q.grade, steep*steep*c*c*c*c)
		kin.add(q.grade, l*l*l*c*c*c)
		topic.add(q.grade, l*l*l*l)
		if g.titles[i] == g.titles[j] {
			titled.add(q.grade, 1)
		}
	}
	var row []float64
	for _, a := range []average{far, like, twin, kin, titled, topic} {
		row = append(row, a.mean(), a.weight)
	}
	return row
}

// closeness rises steeply with likeness, so that near ones decide: its sixth power.
func closeness(likeness float64) float64 {
	c := likeness * likeness * likeness
	return c * c
}

// nearest keeps the grades of the three likest documents.
type nearest struct {
	likeness, grade [3]float64
}

func (n *nearest) add(grade, likeness float64) {
	for i := range n.likeness {
		if likeness > n.likeness[i] {
			likeness, n.likeness[i] = n.likeness[i], likeness
			grade, n.grade[i] = n.grade[i], grade
		}
	}
}

func (n *nearest) row() []float64 {
	mean := (n.grade[0] + n.grade[1] + n.grade[2]) / 3
	return []float64{n.grade[0], n.likeness[0], mean, n.likeness[2]}
}

type average struct{ sum, weight float64 }

func (a *average) add(v, w float64) { a.sum, a.weight = a.sum+w*v, a.weight+w }

// known is the mean as it is, −1 where nothing is known.
func (a *average) known() float64 {
	if a.weight == 0 {
		return -1
	}
	return a.sum / a.weight
}

func (a *average) mean() float64 {
	return (a.sum + memoryShrink) / (a.weight + memoryShrink)
}
