#!/bin/sh
# Makes the videos beside it with FFmpeg 5.1 (apt-get install ffmpeg). Each frame is brighter than the one before.
set -eu
cd "$(dirname "$0")"
make() { ffmpeg -v error -nostdin -y -fflags +bitexact "$@"; }
scene() { echo "color=black:s=$1:r=25:d=$2,format=yuv444p,geq=lum='20+N*1.5+X/4+Y/2':cb='100+X/2':cr=110,format=${3:-yuv420p}"; }
h264="-c:v libx264 -crf 20 -bf 3 -g 40 -flags:v +bitexact -map_metadata -1"
uneven="settb=1/1000,setpts='(N*40+floor(N/7)*120+floor(N/50)*800)/1000/TB'"
make -f lavfi -i "$(scene 64x48 4.8)" -vf "$uneven" -vsync passthrough $h264 uneven.mp4
make -f lavfi -i "$(scene 64x48 4.8)" -vf "$uneven" -vsync passthrough $h264 uneven.mkv
make -f lavfi -i "$(scene 64x48 4.8)" $h264 -x264-params open-gop=1 open_gop.mp4
make -f lavfi -i "$(scene 64x48 2.4)" $h264 -muxrate 0 -pat_period 10 -pes_payload_size 0 even.ts
make -f lavfi -i "$(scene 64x48 4.8)" -c:v mpeg4 -bf 2 -g 40 -q:v 4 mpeg4_b.avi
make -f lavfi -i "$(scene 64x48 4.8)" -c:v libvpx -b:v 60k -g 40 -auto-alt-ref 1 -lag-in-frames 16 vp8.webm
make -f lavfi -i "$(scene 65x49 0.4 yuv444p)" $h264 odd.mp4
make -f lavfi -i "$(scene 64x48 0.4 gray)" $h264 gray.mp4
make -f lavfi -i "$(scene 64x48 0.4 yuv422p10le)" $h264 deep.mp4
make -f lavfi -i "color=black:s=64x48:r=25:d=0.4,drawbox=0:0:32:24:white:fill" $h264 corner.mp4
for turn in 90 180 270; do make -i corner.mp4 -c copy -metadata:s:v rotate=$turn corner$turn.mp4; done
make -ss 1.9 -i open_gop.mp4 -c copy edited.mp4
make -f lavfi -i "$(scene 64x48 2.4)" $h264 -movflags +faststart index_first.mp4
make -f lavfi -i sine=d=0.5 -c:a aac -b:a 24k sound.mp4
make -f lavfi -i sine=d=0.5 -f lavfi -i "color=red:s=32x32:d=0.04" -map 0 -map 1 -c:a aac -b:a 24k -c:v mjpeg -disposition:v attached_pic cover.m4a
make -f lavfi -i "color=red:s=32x32:r=10:d=0.1" still.gif
make -f lavfi -i "testsrc=s=32x32:r=10:d=0.5" moving.gif
make -f lavfi -i "testsrc=s=320x240:r=25:d=0.4" -pix_fmt yuv420p -c:v mpeg2video -q:v 20 big.ts
make -f lavfi -i "testsrc=s=32x32:r=25:d=0.4" -pix_fmt yuv420p -c:v mpeg2video -q:v 20 small.ts
cat big.ts small.ts > shrinks.ts
rm big.ts small.ts
# Frames that are not shown, which two passes make use of.
hidden() {
    file=$1
    shift
    for pass in 1 2; do
        make -f lavfi -i "testsrc2=s=64x48:r=25:d=4" -pix_fmt yuv420p -b:v 60k -g 40 -lag-in-frames 19 -c:v "$@" -pass $pass -passlogfile hidden "$file"
    done
    rm hidden-0.log
}
hidden hidden_vp8.webm libvpx -auto-alt-ref 1
hidden hidden_vp9.webm libvpx-vp9 -auto-alt-ref 1
hidden hidden_av1.webm libaom-av1 -cpu-used 6
# One size behind another in one stream.
shrinks() {
    for size in 64x48 32x24; do
        make -f lavfi -i "testsrc=s=$size:r=25:d=0.2" -c:v "$@" -pix_fmt ${format:-yuv420p} $size.mkv
        echo "file $size.mkv"
    done > shrinks.txt
    make -f concat -i shrinks.txt -c copy "shrinks_$1.mkv"
    rm 64x48.mkv 32x24.mkv shrinks.txt
}
shrinks libvpx-vp9
shrinks libvpx
shrinks libaom-av1 -cpu-used 6
shrinks libx264 -flags:v +bitexact
shrinks flv
format=yuv422p10le shrinks prores -profile:v 0
