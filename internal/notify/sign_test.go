package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jinghe/internal/scene"
)

// published is the example that the libraries of Standard Webhooks share.
func published() (w scene.Webhook, d scene.Delivery, at time.Time, signature string) {
	w = scene.Webhook{Form: scene.HookStandard, URL: "https://portal.example/hook", Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
	d = scene.Delivery{Message: "msg_p5jXN8AQM9LWM0D4loKWxJek", Body: `{"test": 2432232314}`}
	return w, d, time.Unix(1614265330, 0), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
}

// TestStandardVector holds the signature to the published example, and the three
// headers to the specification; an old secret signs beside the new one.
func TestStandardVector(t *testing.T) {
	t.Parallel()
	w, d, at, want := published()
	m, err := message(&w, &d, at)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"webhook-id": d.Message, "webhook-timestamp": "1614265330", "webhook-signature": want, "Content-Type": "application/cloudevents+json",
	} {
		if got := m.Header[name]; !strings.HasPrefix(got, value) || name != "Content-Type" && got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	w.Old, w.Secret, w.OldUntil = w.Secret, "whsec_"+base64.StdEncoding.EncodeToString([]byte("another secret of 24 byte")), at.Add(time.Second)
	if m, err = message(&w, &d, at); err != nil || !strings.HasSuffix(m.Header["webhook-signature"], " "+want) {
		t.Errorf("both secrets: %q, %v", m.Header["webhook-signature"], err)
	}
	if m, err = message(&w, &d, at.Add(time.Second)); err != nil || strings.Contains(m.Header["webhook-signature"], " ") {
		t.Errorf("the old secret after its time: %q, %v", m.Header["webhook-signature"], err)
	}
}

func sum(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// TestRobotForms holds bodies and signatures to what each vendor documents
// (docs/doors.md names the pages).
func TestRobotForms(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1700000000123)
	d := scene.Delivery{Body: "一句话"}
	for _, tt := range []struct {
		form            scene.HookForm
		address, secret string
		url, body       string
	}{
		{scene.HookWeCom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "", "", `{"msgtype":"text","text":{"content":"一句话"}}`},
		{scene.HookDingTalk, "https://oapi.dingtalk.com/robot/send?access_token=k", "", "", `{"msgtype":"text","text":{"content":"一句话"}}`},
		{
			scene.HookDingTalk, "https://oapi.dingtalk.com/robot/send?access_token=k", "SECx",
			"https://oapi.dingtalk.com/robot/send?access_token=k&sign=" + url.QueryEscape(sum("SECx", "1700000000123\nSECx")) + "&timestamp=1700000000123",
			`{"msgtype":"text","text":{"content":"一句话"}}`,
		},
		{scene.HookFeishu, "https://open.feishu.cn/open-apis/bot/v2/hook/k", "", "", `{"content":{"text":"一句话"},"msg_type":"text"}`},
		{
			scene.HookFeishu, "https://open.feishu.cn/open-apis/bot/v2/hook/k", "x", "",
			`{"content":{"text":"一句话"},"msg_type":"text","sign":"` + sum("1700000000\nx", "") + `","timestamp":"1700000000"}`,
		},
	} {
		w := scene.Webhook{Form: tt.form, URL: tt.address, Secret: tt.secret}
		m, err := message(&w, &d, at)
		if tt.url == "" {
			tt.url = tt.address
		}
		var body bytesOfJSON
		if err != nil || m.URL != tt.url || json.Unmarshal(m.Body, &body) != nil || string(body) != tt.body || m.Header["Content-Type"] != "application/json; charset=utf-8" {
			t.Errorf("%s: %s\n%s\n%v, %v", tt.form, m.URL, m.Body, m.Header, err)
		}
	}
}

// bytesOfJSON keeps a document as it was written.
type bytesOfJSON []byte

func (b *bytesOfJSON) UnmarshalJSON(raw []byte) error {
	*b = append([]byte(nil), raw...)
	return nil
}

// TestTook: what a robot says counts, not its status.
func TestTook(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		form   scene.HookForm
		status int
		body   string
		want   bool
	}{
		{scene.HookStandard, 204, "", true},
		{scene.HookStandard, 307, "", false},
		{scene.HookWeCom, 200, `{"errcode":0,"errmsg":"ok"}`, true},
		{scene.HookWeCom, 200, `{"errcode":45009,"errmsg":"api freq out of limit"}`, false},
		{scene.HookDingTalk, 200, `{"errcode":310000,"errmsg":"sign not match"}`, false},
		{scene.HookFeishu, 200, `{"code":0,"msg":"success","data":{}}`, true},
		{scene.HookFeishu, 200, `{"code":19021,"msg":"sign match fail"}`, false},
		{scene.HookFeishu, 500, `{"code":0}`, false},
		{scene.HookWeCom, 200, "", false},
	} {
		if got := took(tt.form, Answer{Status: tt.status, Body: []byte(tt.body)}); got != tt.want {
			t.Errorf("%s %d %s: %v", tt.form, tt.status, tt.body, got)
		}
	}
}

// FuzzClipBytes: a text is never longer than asked, and never cut within a character.
func FuzzClipBytes(f *testing.F) {
	for _, text := range []string{"", "abc", strings.Repeat("汉", 700), strings.Repeat("😀", 600), "\xff\xfe"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := clipBytes(text, robotText)
		if len(got) > robotText || utf8.ValidString(text) && !utf8.ValidString(got) || len(text) <= robotText && got != text {
			t.Errorf("%d bytes of %d: %q", len(got), len(text), got)
		}
	})
}
