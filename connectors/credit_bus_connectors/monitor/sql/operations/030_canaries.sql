-- Canaries are asked for by their time alone.
CREATE INDEX hop_canary ON operations.hop (at) WHERE type = 'canary.sent' AND kind = 1;
