-- Makes a session: pink noise, the strip and the bus in a row, settings from the environment.
--
--   PLUMB_SESSION   directory of the session, not there yet
--   PLUMB_STRIP, PLUMB_BUS   VST3 ids in hexadecimal
--   PLUMB_SET       settings of both: strip:Output Gain=-6;bus:Limiter Drive=12
--   PLUMB_NOISE_DB  level of the noise

local RATE = 48000
local SECONDS = 4

local function fail (why)
	print ("FAILED: " .. why)
	os.exit (1)
end

local backend = AudioEngine:set_backend ("None (Dummy)", "", "")
if backend:isnil () then fail ("no dummy backend") end

local session = create_session (os.getenv ("PLUMB_SESSION"), "plumb", RATE)
if not session then fail ("no session") end

local tracks = session:new_audio_track (2, 2, nil, 1, "Noise", ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true)
local track = tracks:front ()
local master = session:master_out ()

local noise = ARDOUR.LuaAPI.new_luaproc (session, "ACE Noise")
if noise:isnil () then fail ("no noise generator") end
track:add_processor_by_index (noise, 0, nil, true)
ARDOUR.LuaAPI.set_processor_param (noise, 0, tonumber (os.getenv ("PLUMB_NOISE_DB")))
ARDOUR.LuaAPI.set_processor_param (noise, 1, 2) -- pink

local function add (route, id, place)
	local plugin = ARDOUR.LuaAPI.new_plugin (session, id, ARDOUR.PluginType.VST3, "")
	if plugin:isnil () then fail ("Ardour does not find " .. id) end
	if route:add_processor_by_index (plugin, place, nil, true) ~= 0 then fail ("Ardour refuses " .. id) end
	return plugin
end

local plugins = {
	strip = add (track, os.getenv ("PLUMB_STRIP"), 1),
	bus = add (master, os.getenv ("PLUMB_BUS"), 0),
}

-- Number of a control by its name, as Ardour counts them.
local function number (plugin, name)
	local inner = plugin:to_insert ():plugin (0)
	for index = 0, inner:parameter_count () - 1 do
		local _, descriptor = inner:get_parameter_descriptor (index, ARDOUR.ParameterDescriptor ())
		if descriptor[2].label == name then return index end
	end
	fail ("no control called " .. name)
end

for which, name, value in os.getenv ("PLUMB_SET"):gmatch ("(%a+):([^=;]+)=([^;]+)") do
	local plugin = plugins[which]
	if not ARDOUR.LuaAPI.set_processor_param (plugin, number (plugin, name), tonumber (value)) then
		fail (name .. " cannot be " .. value)
	end
end

-- The plugins take their settings over in the next blocks; only then are they in their states.
ARDOUR.LuaAPI.usleep (2000000)

-- The session's extents cannot be set from Lua: the caller marks this range as such in the file.
session:locations ():add_range (Temporal.timepos_t (0), Temporal.timepos_t (SECONDS * RATE))
session:save_state ("")
print ("SAVED")
close_session ()
quit ()
