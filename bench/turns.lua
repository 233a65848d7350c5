-- Subscribers in turn, each one step further in a session of menu turns; none has two requests under way.
local subscribers = tonumber(os.getenv("SUBSCRIBERS"))
local texts = { "", "1", "1*0", "1*0*9", "1*0*9*0", "1*0*9*0*2", "1*0*9*0*2*0", "1*0*9*0*2*0*3" }
local sent = 0

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"

function request()
  local who = sent % subscribers
  local turn = math.floor(sent / subscribers)
  local text = texts[turn % #texts + 1]
  local session = math.floor(turn / #texts)
  sent = sent + 1
  return wrk.format(nil, nil, nil, string.format(
    "sessionId=S%d-%d&phoneNumber=%%2B62812%08d&serviceCode=%%2A384%%23&networkCode=99999&text=%s",
    who, session, who, (text:gsub("*", "%%2A"))))
end
