package scene

import "time"

// Upload is a list that was handed in by page. It is looked at first; a person
// sees what it would do and says what unknown columns mean, and then brings it in.
type Upload struct {
	ID     ID     `json:"id"`
	File   string `json:"file"`   // base name
	Size   int64  `json:"size"`   // bytes
	Digest string `json:"digest"` // SHA-256 of the file, hex
	Source string `json:"source,omitempty"`
	Batch  string `json:"batch,omitempty"`
	// Kind decides where neither heads nor names say which side a sheet is on.
	Kind Kind `json:"kind,omitempty"`
	// Mapping holds what the person decided of columns, head to field.
	Mapping map[string]string `json:"mapping,omitempty"`
	Status  string            `json:"status"`
	// FaultKey and FaultArgs make the sentence that says why it failed.
	FaultKey  string         `json:"fault_key,omitempty"`
	FaultArgs map[string]any `json:"fault_args,omitempty"`
	Actor     ID             `json:"actor"` // account that handed it in
	Name      string         `json:"name"`  // of that account, as it was
	Began     time.Time      `json:"began"`
	// Process is the program that works on it, among those that share a store.
	Process string `json:"process,omitempty"`
	// Job is the import that it became.
	Job ID `json:"job,omitempty"`
}

// The states of an upload.
const (
	UploadLooking   = "looking" // being read and compared, or waiting for its turn
	UploadLooked    = "looked"  // a person decides
	UploadImporting = "importing"
	UploadDone      = "done"
	UploadFailed    = "failed"
)

// Working reports whether the program, not a person, is at it.
func (u *Upload) Working() bool { return u.Status == UploadLooking || u.Status == UploadImporting }
