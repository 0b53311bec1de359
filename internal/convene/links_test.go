package convene

import (
	"testing"
	"time"

	"jinghe/internal/scene"
)

// TestDelegateOf: an account is the delegate of its organisation who has its name and no
// other mail; where two may be meant it is nobody.
func TestDelegateOf(t *testing.T) {
	t.Parallel()
	d := func(name, mail string) scene.Delegate { return scene.Delegate{Name: name, Mail: mail, Code: "C"} }
	account := scene.Account{Name: "王 工", Mail: "W@example.com", MailProven: true}
	unproven := account
	unproven.MailProven = false
	for name, tt := range map[string]struct {
		of   scene.Account
		list []scene.Delegate
		want int
	}{
		"Name":       {account, []scene.Delegate{d("李工", ""), d("王工", "")}, 1},
		"Mail":       {account, []scene.Delegate{d("王工", "other@example.com"), d("王工", "w@example.com")}, 1},
		"OtherMail":  {account, []scene.Delegate{d("王工", "other@example.com")}, -1},
		"SharedMail": {account, []scene.Delegate{d("李工", "w@example.com")}, -1}, // an office has one address
		"Two":        {account, []scene.Delegate{d("王工", ""), d("王工", "")}, -1},
		"Unproven":   {unproven, []scene.Delegate{d("李工", "w@example.com"), d("王工", "other@example.com")}, 1},
		"Revoked":    {account, []scene.Delegate{{Name: "王工"}}, -1},
		"Unnamed":    {account, []scene.Delegate{{Name: "王工", Code: "C", Unnamed: true}}, -1},
	} {
		if got := delegateOf(&scene.FairParty{OrgID: "o", Delegates: tt.list}, &tt.of); got != tt.want {
			t.Errorf("%s: delegate %d, want %d", name, got, tt.want)
		}
	}
}

// TestPatience: on the day pages hardly wait for the matcher.
func TestPatience(t *testing.T) {
	t.Parallel()
	b := &Board{Fair: *room(2, 2)}
	if before, on := b.patience(b.Fair.Start().Add(-time.Second)), b.patience(b.Fair.Start()); before != suggestionWait || on != topicWait {
		t.Errorf("waits %v before and %v on the day", before, on)
	}
}
