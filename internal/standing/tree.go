package standing

// tree files searches by their words, the rarest first: a listing goes down
// those branches only whose words it has, and what it comes to it has all words of.
type tree struct {
	first map[uint32]*node // by the first word
}

type node struct {
	here []uint32 // searches whose words end here
	next []branch
}

type branch struct {
	word uint32
	node *node
}

// add files a search under its words, of which there is one at least.
func (t *tree) add(words []uint32, search uint32) {
	at := t.first[words[0]]
	if at == nil {
		at = &node{}
		t.first[words[0]] = at
	}
	for _, w := range words[1:] {
		at = at.grow(w)
	}
	at.here = append(at.here, search)
}

func (n *node) grow(word uint32) *node {
	for i := range n.next {
		if n.next[i].word == word {
			return n.next[i].node
		}
	}
	child := &node{}
	n.next = append(n.next, branch{word, child})
	return child
}

// remove takes a search out, and the branches that bear nothing any more.
func (t *tree) remove(words []uint32, search uint32) {
	if first := t.first[words[0]]; first != nil && first.cut(words[1:], search) {
		delete(t.first, words[0])
	}
}

// cut reports whether n bears nothing any more.
func (n *node) cut(words []uint32, search uint32) bool {
	if len(words) == 0 {
		n.here = without(n.here, search)
	}
	for i := range n.next {
		if len(words) > 0 && n.next[i].word == words[0] {
			if n.next[i].node.cut(words[1:], search) {
				last := len(n.next) - 1
				n.next[i] = n.next[last]
				n.next[last] = branch{}
				n.next = n.next[:last]
			}
			break
		}
	}
	return len(n.here)+len(n.next) == 0
}

// walk visits the searches all of whose words the listing has.
func (t *tree) walk(r *reader, visit func(search uint32)) {
	for _, word := range r.met {
		if first := t.first[word]; first != nil {
			first.walk(r, visit)
		}
	}
}

func (n *node) walk(r *reader, visit func(search uint32)) {
	for _, search := range n.here {
		visit(search)
	}
	for i := range n.next {
		if r.has(n.next[i].word) {
			n.next[i].node.walk(r, visit)
		}
	}
}
