package convene

import (
	"crypto/sha256"
	"encoding/base32"

	"jinghe/internal/scene"
)

// badgeLetters is how long the code of a badge is: 60 bits, short enough to be typed.
const badgeLetters = 12

// BadgeCode is what a badge says of the delegate who wears it. It names him and proves
// nothing: nothing opens by it, everybody in the hall may read it, and at the desk it
// checks him in as his name would. It is made of ids alone, so that a badge that was
// printed stays good when his personal link is renewed, and does not tell that link.
func BadgeCode(fair, delegate scene.ID) string {
	sum := sha256.Sum256([]byte("badge " + string(fair) + " " + string(delegate)))
	return base32.NewEncoding(codeLetters).EncodeToString(sum[:])[:badgeLetters]
}

// Badge returns whose badge says that, however it is typed.
func (b *Board) Badge(code string) (Named, bool) {
	code = scene.CodeKey(code)
	if len(code) != badgeLetters {
		return Named{}, false
	}
	for _, p := range b.Parties {
		for _, d := range p.Delegates {
			if BadgeCode(b.Fair.ID, d.ID) == code {
				return Named{p, d}, true
			}
		}
	}
	return Named{}, false
}
