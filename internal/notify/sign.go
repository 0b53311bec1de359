package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

// secretPrefix stands before the secrets of Standard Webhooks.
const secretPrefix = "whsec_"

// secret makes one of 192 random bits, in the form of Standard Webhooks.
func (s *Service) secret() (string, error) {
	var b [24]byte
	if _, err := io.ReadFull(s.Random, b[:]); err != nil {
		return "", &scene.Error{Code: scene.Internal, Op: "notify.secret", Err: err}
	}
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:]), nil
}

// message makes the request that carries a delivery at an instant.
func message(w *scene.Webhook, d *scene.Delivery, at time.Time) (Message, error) {
	switch w.Form {
	case scene.HookStandard:
		return standard(w, d, at)
	case scene.HookWeCom:
		return robot(w.URL, map[string]any{"msgtype": "text", "text": map[string]string{"content": d.Body}})
	case scene.HookDingTalk:
		address, err := signedDingTalk(w.URL, w.Secret, at)
		if err != nil {
			return Message{}, err
		}
		return robot(address, map[string]any{"msgtype": "text", "text": map[string]string{"content": d.Body}})
	default:
		body := map[string]any{"msg_type": "text", "content": map[string]string{"text": d.Body}}
		if w.Secret != "" {
			stamp := strconv.FormatInt(at.Unix(), 10)
			body["timestamp"], body["sign"] = stamp, feishuSign(w.Secret, stamp)
		}
		return robot(w.URL, body)
	}
}

// standard signs by the present secret, and beside it by the old one for as long
// as it counts.
func standard(w *scene.Webhook, d *scene.Delivery, at time.Time) (Message, error) {
	secrets := []string{w.Secret}
	if w.Old != "" && at.Before(w.OldUntil) {
		secrets = append(secrets, w.Old)
	}
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		signer, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return Message{}, &scene.Error{Code: scene.Internal, Op: "notify.standard", Err: err}
		}
		if signatures[i], err = signer.Sign(d.Message, at, []byte(d.Body)); err != nil {
			return Message{}, &scene.Error{Code: scene.Internal, Op: "notify.standard", Err: err}
		}
	}
	return Message{URL: w.URL, Body: []byte(d.Body), Header: map[string]string{
		"Content-Type":                          bus.ContentType,
		standardwebhooks.HeaderWebhookID:        d.Message,
		standardwebhooks.HeaderWebhookTimestamp: strconv.FormatInt(at.Unix(), 10),
		standardwebhooks.HeaderWebhookSignature: strings.Join(signatures, " "),
	}}, nil
}

func robot(address string, body any) (Message, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return Message{}, &scene.Error{Code: scene.Internal, Op: "notify.robot", Err: err}
	}
	return Message{URL: address, Body: raw, Header: map[string]string{"Content-Type": "application/json; charset=utf-8"}}, nil
}

// signedDingTalk adds the time in milliseconds and the HMAC-SHA256, by the
// secret, of that time and the secret with a line break between.
func signedDingTalk(address, secret string, at time.Time) (string, error) {
	if secret == "" {
		return address, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", &scene.Error{Code: scene.Invalid, Op: "notify.signedDingTalk", Key: "webhook.url"}
	}
	stamp := strconv.FormatInt(at.UnixMilli(), 10)
	q := u.Query()
	q.Set("timestamp", stamp)
	q.Set("sign", hmacBase64(secret, stamp+"\n"+secret))
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// feishuSign is the HMAC-SHA256 of nothing, by the time in seconds and the secret
// with a line break between.
func feishuSign(secret, stamp string) string { return hmacBase64(stamp+"\n"+secret, "") }

func hmacBase64(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// took reports whether a receiver took a message. Robots answer 200 to what they
// refuse, with a number in the body.
func took(form scene.HookForm, a Answer) bool {
	if a.Status < 200 || a.Status > 299 {
		return false
	}
	if form == scene.HookStandard {
		return true
	}
	var said struct {
		ErrCode int `json:"errcode"`
		Code    int `json:"code"`
	}
	return json.Unmarshal(a.Body, &said) == nil && said.ErrCode == 0 && said.Code == 0
}
