package registry

import (
	"context"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// tellOwner has the people of the owner told in their inboxes what somebody else
// decided on their entry, within the transaction of the decision: what is the end
// of the message's key. No telephone number leaves in a name or a reason.
func (r *Registry) tellOwner(ctx context.Context, tx store.Tx, by scene.Actor, e *Entry, what, reason string) error {
	l := e.Listing()
	if l.OrgID == "" || by.OrgID == l.OrgID {
		return nil
	}
	key := "notice.review." + what
	args := map[string]any{"name": scene.Redact(l.Name)}
	if reason = strings.TrimSpace(reason); reason != "" {
		key += ".why"
		args["reason"] = scene.Redact(reason)
	}
	return store.Herald{IDs: r.ids, Now: r.now}.TellOrg(ctx, tx, l.OrgID, by.ID, scene.Notice{
		Kind: scene.NoticeReview, Key: key, Args: args, Path: ownPage(e), Rows: []scene.ID{l.ID},
	})
}

// ownPage is where the owner of an entry has it.
func ownPage(e *Entry) string {
	return "/workspace/listings/" + string(e.Kind()) + "/" + string(e.Listing().ID)
}

// told is what the owner is told of a step, "" for nothing: steps on the way
// through the centre are shown on its page.
func told(from, to scene.State) string {
	switch {
	case to == scene.Published && (from == scene.Paused || from == scene.Expired):
		return "resumed"
	case to == scene.Published, to == scene.Closed, to == scene.Paused:
		return string(to)
	case to == scene.Draft:
		return "returned"
	}
	return ""
}
